package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.ProbeOrder;
import io.posthouse.model.Announce;
import io.posthouse.model.IpAddress;
import io.posthouse.policy.ProbeSource;
import io.posthouse.proxyprotocol.ProxyHeader;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import io.posthouse.smtp.ReplyParser;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

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
  private @Nullable CertificateChain certificates;
  private boolean tlsBegun;
  private int start;
  private int end;

  private MemberConnection(DeadlineSocket raw, Duration timeout, DialogueLog log) {
    this.raw = raw;
    this.socket = raw;
    this.timeout = timeout;
    this.log = log;
  }

  /**
   * Connects, and says in front of everything on whose behalf, where the member takes the PROXY
   * protocol. The monitor's time-out is for the connect and then for each reply.
   *
   * @throws SourceException when the address that the probe should leave from cannot be used
   */
  static MemberConnection open(
      ProbeOrder order, InetSocketAddress address, Ticker ticker, DialogueLog log)
      throws IOException {
    Duration timeout = order.monitor().timeout();
    DeadlineSocket raw = new DeadlineSocket(ticker);
    try {
      raw.setTcpNoDelay(true);
      leaveFrom(order.source(), address.getAddress(), raw);
      raw.connect(address, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
      log.note(
          "connected to %s from %s"
              .formatted(Failures.address(address), IpAddress.text(raw.getLocalAddress())));
      announce(order.spokenAnnounce(), raw, log);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
    return new MemberConnection(raw, timeout, log);
  }

  /** Connects a socket that has its port already. */
  static MemberConnection over(
      DeadlineSocket raw, InetSocketAddress address, Duration timeout, DialogueLog log)
      throws IOException {
    raw.setTcpNoDelay(true);
    raw.connect(address, Math.toIntExact(timeout.toMillis()));
    return new MemberConnection(raw, timeout, log);
  }

  private static void leaveFrom(ProbeSource source, InetAddress member, Socket raw)
      throws IOException {
    InetAddress ours = source.address();
    if (ours == null) {
      return;
    }
    if (!source.reaches(member instanceof Inet6Address)) {
      throw new SourceException("%s cannot reach %s".formatted(source, IpAddress.text(member)));
    }
    try {
      raw.bind(new InetSocketAddress(ours, 0));
    } catch (IOException e) {
      throw new SourceException(
          "cannot leave from %s: %s; is it an address of this machine?"
              .formatted(source, Failures.phrase(e)));
    }
  }

  /** A probe comes for nobody else, so the truth is its own address. */
  private static void announce(Announce announce, Socket raw, DialogueLog log) throws IOException {
    if (!announce.isProxy()) {
      return;
    }
    ProxyHeader header =
        new ProxyHeader(
            raw.getLocalAddress(), raw.getLocalPort(), raw.getInetAddress(), raw.getPort());
    byte[] line = header.v1();
    String said = new String(line, 0, line.length - 2, StandardCharsets.US_ASCII);
    if (announce == Announce.PROXY_V1) {
      log.sent(said);
    } else {
      log.note("sent in the binary form: " + said);
    }
    raw.getOutputStream().write(announce == Announce.PROXY_V1 ? line : header.v2());
  }

  /** Our own address on it. */
  InetAddress local() {
    return raw.getLocalAddress();
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
    return reply(timeout);
  }

  /** The same with another time-out. */
  Reply reply(Duration patience) throws IOException {
    raw.allow(patience);
    try {
      return parse(patience);
    } catch (ReplyFormatException e) {
      parser = new ReplyParser();
      start = end;
      throw e;
    }
  }

  private Reply parse(Duration patience) throws IOException {
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
        throw new SocketTimeoutException(what + Failures.phrase(patience));
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

  /**
   * Starts TLS; the time-out is for the whole handshake. What was read before it is no part of it.
   *
   * @throws IOException when it came to nothing; the message says why
   */
  void startTls(ProbeOrder order, Issuers issuers) throws IOException {
    if (start < end || parser.isMidway()) {
      throw new IOException("the member spoke on before TLS");
    }
    raw.allow(timeout);
    raw.expectTls();
    tlsBegun = true;
    ProbeTls tls = new ProbeTls(order, issuers);
    SSLSocket secure = tls.over(raw);
    try {
      secure.startHandshake();
    } catch (IOException e) {
      throw explained(e, tls);
    } finally {
      certificates = tls.certificates();
    }
    socket = secure;
    SSLSession session = secure.getSession();
    log.note("TLS started, %s %s".formatted(session.getProtocol(), session.getCipherSuite()));
  }

  /** A failed handshake in words, where those of the Java runtime do not say what to do. */
  private IOException explained(IOException failure, ProbeTls tls) {
    String plain = raw.plainSpeech();
    if (!tls.refusal().isEmpty()) {
      return new IOException("the certificate is refused: " + tls.refusal(), failure);
    } else if (!plain.isEmpty()) {
      return new IOException("the member speaks in plain where TLS is due: " + plain, failure);
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return new IOException("no TLS handshake in " + Failures.phrase(timeout), failure);
      }
    }
    return failure;
  }

  /** What the member showed when TLS was started; null when it did not come to that. */
  @Nullable CertificateChain certificates() {
    return certificates;
  }

  /**
   * Closes so that neither side sees a reset: says that nothing more comes, in TLS first, then
   * reads until the member closes, for a second at most.
   */
  void leave() {
    try {
      raw.allow(FAREWELL);
      if (socket instanceof SSLSocket) {
        socket.shutdownOutput();
        drain(socket, true);
      }
      raw.shutdownOutput();
      boolean ended = drain(raw, !tlsBegun);
      log.note(ended ? "closed" : "member did not stop talking, closed");
    } catch (SocketTimeoutException peerStays) {
      log.note("closed, the member did not within " + Failures.phrase(FAREWELL));
    } catch (IOException e) {
      log.note(Failures.phrase(e));
    }
  }

  /** Reads to the end; false when there is too much of it. */
  private boolean drain(Socket from, boolean isSmtp) throws IOException {
    int octets = 0;
    int read;
    while ((read = from.getInputStream().read(buffer)) >= 0 && octets < MAX_FAREWELL_OCTETS) {
      octets += read;
      if (isSmtp) {
        log.received(buffer, read);
      }
    }
    return read < 0;
  }

  @Override
  public void close() {
    try {
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
