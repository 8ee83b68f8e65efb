package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import io.posthouse.smtp.ReplyParser;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * One connection of a probe to a member: lines out, replies in, both noted as they were on the
 * wire.
 */
final class MemberConnection implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final int MAX_FAREWELL_OCTETS = 65_536;

  private final DeadlineSocket raw;
  private final Duration timeout;
  private final DialogueLog log;
  private ReplyParser parser = new ReplyParser();
  private final byte[] buffer = new byte[4096];
  private Socket socket;
  private int start;
  private int end;

  private MemberConnection(DeadlineSocket raw, Duration timeout, DialogueLog log) {
    this.raw = raw;
    this.socket = raw;
    this.timeout = timeout;
    this.log = log;
  }

  /**
   * Connects.
   *
   * @param timeout for the connect and then for each reply
   */
  static MemberConnection open(
      InetSocketAddress address, Duration timeout, Ticker ticker, DialogueLog log)
      throws IOException {
    DeadlineSocket raw = new DeadlineSocket(ticker);
    try {
      raw.setTcpNoDelay(true);
      raw.connect(address, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    } catch (IOException e) {
      raw.close();
      throw e;
    }
    log.note("connected to " + Failures.address(address));
    return new MemberConnection(raw, timeout, log);
  }

  /** Sends one line. */
  void send(String line) throws IOException {
    // A configured address must not be able to smuggle in a second command.
    String safe = line.replaceAll("[\\x00-\\x1f\\x7f]", "?");
    log.sent(safe);
    socket.getOutputStream().write((safe + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /**
   * Waits for one reply, until its last octet at most for the time-out.
   *
   * @throws ReplyFormatException when something else came
   */
  Reply reply() throws IOException {
    raw.allow(timeout);
    try {
      return parse();
    } catch (ReplyFormatException e) {
      parser = new ReplyParser();
      start = end;
      throw e;
    }
  }

  private Reply parse() throws IOException {
    while (true) {
      while (start < end) {
        if (parser.accept(buffer[start++])) {
          return parser.take();
        }
      }
      try {
        fill();
      } catch (SocketTimeoutException e) {
        String what = parser.isMidway() ? "reply not complete in " : "no answer in ";
        throw new SocketTimeoutException(what + Failures.phrase(timeout));
      }
    }
  }

  /** What came beyond the last reply, without waiting for more; normally nothing. */
  Optional<String> surplus() throws IOException {
    if (start == end && socket.getInputStream().available() > 0) {
      raw.allow(timeout);
      fill();
    }
    if (start == end) {
      return Optional.empty();
    }
    String text = new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
    start = end;
    return Optional.of(text.strip());
  }

  /** Starts TLS and says when the member's certificate expires. */
  Instant startTls(String host) throws IOException {
    raw.allow(timeout);
    ProbeTls tls = new ProbeTls();
    SSLSocket secure = tls.over(raw, host);
    secure.startHandshake();
    socket = secure;
    Instant expires = tls.certificateExpires();
    log.note(
        "TLS started, %s %s, certificate expires %s"
            .formatted(
                secure.getSession().getProtocol(), secure.getSession().getCipherSuite(), expires));
    return expires;
  }

  /**
   * Closes so that neither side sees a reset: says that nothing more comes, then reads until the
   * member closes, for a second at most.
   */
  void leave() {
    try {
      socket.shutdownOutput();
      raw.allow(FAREWELL);
      int octets = 0;
      while (octets < MAX_FAREWELL_OCTETS) {
        fill();
        octets += end;
      }
      log.note("member did not stop talking, closed");
    } catch (EOFException peerClosed) {
      log.note("closed");
    } catch (SocketTimeoutException peerStays) {
      log.note("closed, the member did not within " + Failures.phrase(FAREWELL));
    } catch (IOException e) {
      log.note(Failures.phrase(e));
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
      raw.close();
    } catch (IOException alreadyGone) {
      // The descriptor is released all the same.
    }
  }

  private void fill() throws IOException {
    int read = socket.getInputStream().read(buffer);
    if (read < 0) {
      throw new EOFException("member closed the connection");
    }
    start = 0;
    end = read;
    log.received(buffer, read);
  }
}
