package io.posthouse.probe;

import io.posthouse.audit.MemberWay;
import io.posthouse.door.Ticker;
import io.posthouse.health.ProbeOrder;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Monitor;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Goes one way to a member, as mail does: from its source address, behind the PROXY header and in
 * the TLS of its pool, as far as the first reply; then QUIT. Never MAIL, one connection. Blocks, 20
 * s at most.
 */
public final class PathWalk {
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final int MOST_HEARD = 4_096;

  private final Issuers issuers;
  private final Ticker ticker;
  private final Duration patience;

  /** Walks for the configuration of a file. */
  public PathWalk(Path configuration, Ticker ticker) {
    this(configuration, ticker, Attempt.GREETING);
  }

  PathWalk(Path configuration, Ticker ticker, Duration patience) {
    this.issuers = new Issuers(configuration);
    this.ticker = ticker;
    this.patience = patience;
  }

  /** Only connects, from wherever the kernel likes, and closes so that nobody sees a reset. */
  public Attempt connect(InetSocketAddress address) {
    long began = ticker.nanos();
    try (DeadlineSocket socket = new DeadlineSocket(ticker)) {
      socket.connect(address, Math.toIntExact(Attempt.CONNECT.toMillis()));
      Attempt connected = Attempt.of(End.CONNECTED, since(began), "connected");
      leave(socket);
      return connected;
    } catch (IOException e) {
      return Attempt.of(unconnected(e), since(began), Failures.phrase(e));
    }
  }

  private static void leave(DeadlineSocket socket) {
    try {
      socket.allow(FAREWELL);
      socket.shutdownOutput();
      socket.getInputStream().readNBytes(MOST_HEARD);
    } catch (IOException e) {
      // It took the connection, and that was the question.
    }
  }

  /**
   * Holds a port of one of our addresses for {@link #walk(HeldPort, InetSocketAddress, boolean)}.
   */
  public HeldPort hold(InetAddress own) throws IOException {
    return HeldPort.of(own, ticker);
  }

  /** The same from a port that is held, in plain and with nothing in front. */
  public Attempt walk(HeldPort from, InetSocketAddress address, boolean smtp) {
    long began = ticker.nanos();
    try (MemberConnection connection =
        MemberConnection.over(from.socket(), address, Attempt.CONNECT, new DialogueLog())) {
      Attempt connected = Attempt.of(End.CONNECTED, since(began), "connected");
      Attempt attempt = smtp ? greeting(connection, connected) : connected;
      connection.leave();
      return attempt;
    } catch (IOException e) {
      return Attempt.of(unconnected(e), since(began), Failures.phrase(e));
    }
  }

  /** Connects, and waits for the greeting where SMTP is spoken. */
  public Attempt walk(MemberWay way, InetSocketAddress address) {
    ProbeOrder order = order(way);
    long began = ticker.nanos();
    try (MemberConnection connection =
        MemberConnection.open(order, address, ticker, new DialogueLog())) {
      Attempt connected = Attempt.of(End.CONNECTED, since(began), "connected");
      Attempt attempt = greeted(order, connection, way.smtp(), connected);
      connection.leave();
      return attempt;
    } catch (IOException e) {
      return Attempt.of(unconnected(e), since(began), Failures.phrase(e));
    }
  }

  private Attempt greeted(
      ProbeOrder order, MemberConnection connection, boolean smtp, Attempt connected) {
    MemberTls tls = order.spokenTls();
    if (tls.implicit() && tls.mode() != MemberTls.Mode.OFF) {
      long began = ticker.nanos();
      try {
        connection.startTls(order, issuers);
      } catch (IOException e) {
        return connected.then(End.NO_TLS, since(began), Failures.phrase(e));
      }
    }
    return smtp ? greeting(connection, connected) : connected;
  }

  private Attempt greeting(MemberConnection connection, Attempt connected) {
    long began = ticker.nanos();
    try {
      Reply reply = connection.reply(patience);
      Attempt attempt = connected.then(reply, since(began));
      if (reply.code() != 421 && reply.code() != 521) {
        connection.send("QUIT"); // After those it closes by itself.
      }
      return attempt;
    } catch (ReplyFormatException e) {
      return connected.then(End.NONSENSE, since(began), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return connected.then(unspoken(e), since(began), Failures.phrase(e));
    }
  }

  private static End unspoken(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return End.SILENT;
    }
    return e instanceof EOFException ? End.CLOSED : End.RESET;
  }

  /** A probe of the member on the port of this way. */
  private static ProbeOrder order(MemberWay way) {
    Monitor monitor =
        new Monitor(
            "path",
            Monitor.Type.SMTP,
            Attempt.CONNECT,
            Attempt.CONNECT,
            null,
            1,
            1,
            new Monitor.AliasPort(0),
            Monitor.Depth.BANNER,
            null,
            null,
            null,
            null);
    return new ProbeOrder(
        way.pool().name(),
        way.member().name(),
        way.address(),
        monitor,
        way.pool().tls(),
        way.member().tlsName(way.pool().tls()),
        way.pool().announce(),
        way.from());
  }

  /** By the types and words that the Java runtime has for the kernel's numbers. */
  private static End unconnected(IOException e) {
    String words = String.valueOf(e.getMessage());
    return switch (e) {
      case SourceException _ -> End.CANNOT_LEAVE;
      case SocketTimeoutException _ -> End.TIMED_OUT;
      case NoRouteToHostException _ -> End.UNREACHABLE;
      case ConnectException _ -> words.contains("refused") ? End.REFUSED : End.TIMED_OUT;
      default ->
          words.contains("unreachable")
              ? End.UNREACHABLE
              : words.contains("reset") || words.contains("pipe") ? End.RESET : End.FAILED;
    };
  }

  private Duration since(long beganNanos) {
    return Duration.ofNanos(ticker.nanos() - beganNanos);
  }
}
