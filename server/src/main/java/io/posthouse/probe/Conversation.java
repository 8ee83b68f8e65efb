package io.posthouse.probe;

import io.posthouse.audit.Tried;
import io.posthouse.door.Ticker;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import io.posthouse.smtp.ReplyParser;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Lines out, replies in, over a connection whose peer need not prove who it is: nothing is said
 * that anybody might not hear. Blocks, for each read no longer than its time.
 */
final class Conversation implements AutoCloseable {
  private static final Duration STEP = Duration.ofSeconds(10);

  private final byte[] buffer = new byte[4096];
  private final ReplyParser parser = new ReplyParser();
  private final DeadlineSocket raw;
  private final Ticker ticker;
  private final long endNanos;
  private Socket socket;
  private int start;
  private int end;

  /**
   * Over a connected socket.
   *
   * @param endNanos when it has to be over, by the ticker
   */
  Conversation(DeadlineSocket connected, Ticker ticker, long endNanos) throws IOException {
    raw = connected;
    socket = connected;
    this.ticker = ticker;
    this.endNanos = endNanos;
    socket.setTcpNoDelay(true);
  }

  /** Sends a line and waits for the reply. */
  Reply ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return reply();
  }

  /** Waits for a reply. */
  Reply reply() throws IOException {
    allowStep();
    try {
      while (true) {
        while (start < end) {
          if (parser.accept(buffer[start++])) {
            return parser.take();
          }
        }
        start = 0;
        end = socket.getInputStream().read(buffer);
        if (end < 0) {
          end = 0;
          throw new EOFException("the connection was closed");
        }
      }
    } catch (ReplyFormatException nonsense) {
      throw new IOException("no SMTP reply: " + nonsense.getMessage(), nonsense);
    } catch (SocketTimeoutException slow) {
      throw new IOException(Tried.LATE, slow);
    }
  }

  /** One step has its time, and all together no more than was given. */
  private void allowStep() {
    long left = Math.max(0, endNanos - ticker.nanos());
    raw.allow(Duration.ofNanos(Math.min(left, STEP.toNanos())));
  }

  /** Goes on in TLS, whoever shows whatever certificate. */
  void startTls() throws IOException {
    allowStep();
    start = end; // Nothing that came in plain counts as said in TLS.
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      SSLSocket secure =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(
                      socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
      secure.startHandshake();
      socket = secure;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
