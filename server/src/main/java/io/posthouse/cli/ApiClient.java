package io.posthouse.cli;

import io.posthouse.model.Endpoint;
import io.posthouse.store.Token;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Asks the API: one HTTP/1.1 request on a connection of its own.
 *
 * <p>Written over a socket because a command starts once per call: the JDK's HttpClient costs 0.3 s
 * to load, HttpURLConnection 0.08 s, this 0.02 s. The server of this project always sends a
 * Content-Length, so that is all it understands.
 */
final class ApiClient {
  private static final int CONNECT_MILLIS = 5000;
  private static final int MAX_HEADER = 16_384;
  private static final int MAX_BODY = 256 << 20;
  private final Access access;
  private final TrustedPort trusted;

  /**
   * Where and by what right.
   *
   * @param owner the number of the user whose token it is
   */
  record Access(Endpoint address, Token token, int owner) {}

  ApiClient(Access access) {
    this(access, new TrustedPort(Path.of("/proc/net")));
  }

  ApiClient(Access access, TrustedPort trusted) {
    this.access = access;
    this.trusted = trusted;
  }

  /** The path of a member. */
  static String path(MemberArgument member) {
    return "/api/v1/pools/" + encode(member.pool()) + "/members/" + encode(member.member());
  }

  /** Reads; fails unless the answer is good. */
  ApiReply get(String path) throws CommandFailure {
    return good(ask("GET", path, Duration.ofSeconds(20)));
  }

  /** Does; fails unless the answer is good. */
  ApiReply post(String path, Duration patience) throws CommandFailure {
    return good(ask("POST", path, patience));
  }

  /** Does; a refusal that says why is an answer too. */
  ApiReply ask(String method, String path, Duration patience) throws CommandFailure {
    Endpoint address = access.address();
    try (Socket socket = new Socket()) {
      InetSocketAddress peer = new InetSocketAddress(address.host(), address.port());
      socket.connect(peer, CONNECT_MILLIS);
      trusted.check(access, peer);
      socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
      String request =
          "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
              .formatted(method, path, address, access.token().authorization());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return read(new BufferedInputStream(socket.getInputStream()));
    } catch (ConnectException | UnknownHostException nobody) {
      throw CommandFailure.failed(
          "nothing answers at http://%s: is it running? Start it with: posthouse run -c FILE"
              .formatted(address));
    } catch (SocketTimeoutException silent) {
      throw CommandFailure.failed(
          "http://%s does not answer within %d s; try again, and look into its log"
              .formatted(address, patience.toSeconds()));
    } catch (IOException lost) {
      throw CommandFailure.failed(
          "lost the connection to http://%s: %s; is it a Posthouse?"
              .formatted(address, lost.getMessage()));
    }
  }

  /** The answer, unless it is a refusal. */
  ApiReply good(ApiReply reply) throws CommandFailure {
    if (reply.isGood()) {
      return reply;
    }
    if (reply.status() == 401) {
      throw CommandFailure.failed(
          "http://%s refuses the token: the token file belongs to another Posthouse, or it was renewed since it started; name the right one with -c FILE or --token-file"
              .formatted(access.address()));
    }
    String why = reply.json().path("error").asString("HTTP status " + reply.status());
    throw CommandFailure.failed(why);
  }

  private static ApiReply read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int octet = in.read();
      if (octet < 0 || head.size() > MAX_HEADER) {
        throw new IOException("no HTTP answer");
      }
      head.write(octet);
      last = last << 8 | octet;
    }
    String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1);
    int length = -1;
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = number(line.substring("content-length:".length()));
      }
    }
    if (!lines[0].matches("HTTP/1\\.1 [1-9][0-9]{2}( .*)?") || length < 0 || length > MAX_BODY) {
      throw new IOException("no HTTP answer");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("the answer is cut off");
    }
    return new ApiReply(
        number(lines[0].substring(9, 12)), new String(body, StandardCharsets.UTF_8));
  }

  private static int number(String text) throws IOException {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException notNumber) {
      throw new IOException("no HTTP answer", notNumber);
    }
  }

  /** A text as it stands in a path or a query. */
  static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
