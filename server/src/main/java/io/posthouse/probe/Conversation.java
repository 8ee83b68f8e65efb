package io.posthouse.probe;

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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Lines out, replies in, over a connection whose peer need not prove who it is: nothing is said
 * that anybody might not hear. Blocks, for each read no longer than its time.
 */
final class Conversation implements AutoCloseable {
  private static final int READ_MILLIS = 10_000;

  /** Reads for one reply; a peer that trickles for longer is given up. */
  private static final int MOST_READS = 256;

  private final byte[] buffer = new byte[4096];
  private final ReplyParser parser = new ReplyParser();
  private Socket socket;
  private int start;
  private int end;

  Conversation(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Sends a line and waits for the reply. */
  Reply ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return reply();
  }

  /** Waits for a reply. */
  Reply reply() throws IOException {
    try {
      for (int reads = 0; reads < MOST_READS; reads++) {
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
      throw new SocketTimeoutException("the reply trickles");
    } catch (ReplyFormatException nonsense) {
      throw new IOException("no SMTP reply: " + nonsense.getMessage(), nonsense);
    } catch (SocketTimeoutException slow) {
      throw new IOException("no answer within " + READ_MILLIS / 1000 + " s", slow);
    }
  }

  /** Goes on in TLS, whoever shows whatever certificate. */
  void startTls() throws IOException {
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
