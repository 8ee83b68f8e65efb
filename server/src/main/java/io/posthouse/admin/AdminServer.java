package io.posthouse.admin;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.posthouse.model.Endpoint;
import io.posthouse.store.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The HTTP listener of the API, on a loopback address.
 *
 * <p>It only carries: {@code Api} answers. Requests run on virtual threads, away from the event
 * loops, so a slow or hostile peer here costs no mail. Bounds: {@value #MAX_CONNECTIONS}
 * connections, {@value #MAX_REQUESTS} requests at once, {@value #MAX_HEADER_BYTES} octets of
 * header, {@value #MAX_BODY_BYTES} of body (which nothing reads), about a quarter of a minute for a
 * peer to send a request, to read its answer, or to send the next one.
 */
public final class AdminServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_REQUESTS = 32;
  private static final int MAX_HEADER_BYTES = 8192;
  private static final int MAX_BODY_BYTES = 4096;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final WebServer server;
  private final String host;

  private AdminServer(WebServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * Listens; port 0 takes a free one.
   *
   * @throws IOException when it cannot; the message names cause and remedy
   */
  public static AdminServer start(Endpoint listen, Token token, AdminDoors doors)
      throws IOException {
    return start(listen, token, doors, PATIENCE);
  }

  static AdminServer start(Endpoint listen, Token token, AdminDoors doors, Duration patience)
      throws IOException {
    InetAddress address = loopback(listen);
    Duration period = patience.dividedBy(3);
    Api api = new Api(doors, new Guard(token));
    PatientSelector patient = new PatientSelector(http1(), period);
    WebServer server =
        WebServer.builder()
            .address(address)
            .port(listen.port())
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(patient)
            .maxTcpConnections(MAX_CONNECTIONS)
            .maxConcurrentRequests(MAX_REQUESTS)
            .maxPayloadSize(MAX_BODY_BYTES)
            .idleConnectionTimeout(patience)
            .idleConnectionPeriod(period)
            .shutdownGracePeriod(Duration.ofSeconds(1))
            .connectionOptions(SocketOptions.builder().readTimeout(patience).build())
            .directHandlers(jsonErrors())
            .routing(HttpRouting.builder().any((in, out) -> carry(api, patient, in, out)))
            .build();
    server.start();
    if (!server.isRunning()) {
      throw new IOException(
          "cannot listen on %s for the API: %s; stop what uses the port or set another admin.listen"
              .formatted(listen, whyNot(address, listen.port())));
    }
    String host = listen.isLiteral() ? listen.host() : address.getHostAddress();
    return new AdminServer(server, host);
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint address() {
    return new Endpoint(host, server.port());
  }

  /** Stops listening; requests that run get a second. */
  @Override
  public void close() {
    server.stop();
  }

  private static void carry(
      Api api, PatientSelector patient, ServerRequest in, ServerResponse out) {
    Answer answer;
    patient.begin(in.socketId());
    try {
      answer = api.answer(request(in));
    } finally {
      patient.end(in.socketId());
    }
    out.status(answer.status());
    out.header("Cache-Control", "no-store");
    out.header("Content-Type", answer.contentType());
    out.header("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(out::header);
    out.send(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static Request request(ServerRequest in) {
    return new Request(
        in.prologue().method().text(),
        in.prologue().uriPath().rawPath(),
        in.prologue().query().rawValue(),
        in.headers().first(HeaderNames.HOST).orElse(null),
        in.headers().first(HeaderNames.ORIGIN).orElse(null),
        in.headers().first(HeaderNames.create("Sec-Fetch-Site")).orElse(null),
        in.headers().first(HeaderNames.AUTHORIZATION).orElse(null));
  }

  private static Http1ConnectionSelector http1() {
    return Http1ConnectionSelector.builder()
        .config(Http1Config.builder().maxHeadersSize(MAX_HEADER_BYTES).build())
        .build();
  }

  /** What Helidon refuses before it reaches us looks like our own errors; nothing is echoed. */
  private static DirectHandlers jsonErrors() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    DirectHandler refuse =
        (_, type, status, _, _) ->
            DirectHandler.TransportResponse.builder()
                .status(status)
                .keepAlive(false)
                .header(HeaderValues.CONTENT_TYPE_JSON)
                .entity(
                    Answer.error(
                            status.code(),
                            "the request was refused: " + status.reasonPhrase() + " (" + type + ")")
                        .body()
                        .getBytes(StandardCharsets.UTF_8))
                .build();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, refuse);
    }
    return handlers.build();
  }

  private static InetAddress loopback(Endpoint listen) throws IOException {
    try {
      InetAddress address = InetAddress.getByName(listen.host());
      if (address.isLoopbackAddress()) {
        return address;
      }
    } catch (UnknownHostException unknown) {
      throw new IOException(
          "cannot listen on %s for the API: no such host; set admin.listen to 127.0.0.1:8025"
              .formatted(listen),
          unknown);
    }
    throw new IOException(
        "cannot listen on %s for the API: it has no TLS, so it is for loopback only; set admin.listen to 127.0.0.1:%d"
            .formatted(listen, listen.port()));
  }

  /** Helidon logs why a port cannot be had and does not say it; the system says it again. */
  private static String whyNot(InetAddress address, int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, address)) {
      return "the port was taken for a moment";
    } catch (IOException failure) {
      return String.valueOf(failure.getMessage());
    }
  }
}
