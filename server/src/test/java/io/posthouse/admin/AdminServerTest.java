package io.posthouse.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.door.ConfigApplier;
import io.posthouse.door.EventKind;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.store.Token;
import io.posthouse.store.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
  private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);
  private final House house = new House();
  @TempDir Path directory;
  private Token token;
  private String bearer;
  private AdminServer server;
  private Endpoint at;

  @BeforeEach
  void start() throws Exception {
    token = TokenFile.open(directory);
    bearer = "Authorization: " + token.authorization();
    server = AdminServer.start(ANY_PORT, token, house.doors());
    at = server.address();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void showsTheStatusToTheTokensHolder() throws IOException {
    String answer = Peer.ask(at, "GET /api/v1/status", bearer);
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("content-type: application/json")
        .containsIgnoringCase("cache-control: no-store")
        .contains("\"effective-state\":\"pressure\"")
        .contains("\"listening\":[\"127.0.0.1:2525\",\"[::1]:2525\"]");
  }

  @Test
  void refusesWhoeverHasNoToken() throws IOException {
    assertThat(Peer.ask(at, "GET /api/v1/status"))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("www-authenticate: Bearer realm=\"posthouse\"")
        .contains("{\"error\":\"a token is needed");
    assertThat(house.events).extracting(e -> e.kind()).containsExactly(EventKind.ADMIN_REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "Bearer x", "Basic eDp5", "Bearer \u00e9", "x"})
  void refusesAnyOtherToken(String authorization) throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/reload", "Authorization: " + authorization))
        .startsWith("HTTP/1.1 401 ")
        .doesNotContain(token.authorization());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nothing",
        "/api/v1",
        "/api%2fv1/status",
        "//api/v1/status",
        "/x/../metrics"
      })
  void everyPathButTheOpenOnesNeedsTheToken(String path) throws IOException {
    assertThat(Peer.ask(at, "GET " + path)).matches("(?s)HTTP/1.1 (401|400) .*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/metrics"})
  void answersOpenPathsWithoutToken(String path) throws IOException {
    assertThat(Peer.ask(at, "GET " + path)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void listensOnIpv6LoopbackToo() throws IOException {
    try (AdminServer six = AdminServer.start(new Endpoint("::1", 0), token, house.doors())) {
      assertThat(six.address().toString()).startsWith("[::1]:");
      assertThat(Peer.ask(six.address(), "GET /api/v1/status", bearer)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void isReadyOnceListenersAreBound() throws IOException {
    house.ready = false;
    assertThat(Peer.ask(at, "GET /readyz")).startsWith("HTTP/1.1 503 ");
    assertThat(Peer.ask(at, "GET /healthz")).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:8025", "127.0.0.1.evil.example", "10.0.0.1"})
  void refusesNamesThatWereMadeToPointHere(String host) throws IOException {
    assertThat(Peer.ask(at, "GET /api/v1/status", "Host: " + host, bearer))
        .startsWith("HTTP/1.1 421 ");
    assertThat(Peer.ask(at, "GET /metrics", "Host: " + host)).startsWith("HTTP/1.1 421 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void refusesPagesOfOtherSites(String header) throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/reload", header, bearer))
        .startsWith("HTTP/1.1 403 ")
        .doesNotContainIgnoringCase("access-control");
  }

  @Test
  void setsMembersAndShowsThem() throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/pools/hub/members/ex1/drain", bearer))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"name\":\"ex1\"")
        .contains("\"state\":\"draining\"");
    assertThat(house.states).containsEntry("hub/ex1", AdminState.DRAINING);
    assertThat(Peer.ask(at, "POST /api/v1/pools/hub/members/ex1/disable", bearer))
        .contains("\"state\":\"disabled\"");
    assertThat(Peer.ask(at, "POST /api/v1/pools/hub/members/ex1/enable", bearer))
        .contains("\"state\":\"enabled\"");
  }

  @Test
  void namesTheNearestMember() throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/pools/hub/members/Ex3/drain", bearer))
        .startsWith("HTTP/1.1 404 ")
        .contains("pool hub has no member Ex3; did you mean ex1? (members: ex1, ex2)");
    assertThat(Peer.ask(at, "GET /api/v1/pools/hud/members/ex1", bearer))
        .startsWith("HTTP/1.1 404 ")
        .contains("there is no pool hud; did you mean hub?");
    assertThat(house.states).isEmpty();
  }

  @Test
  void showsTheLastDialogue() throws IOException {
    assertThat(Peer.ask(at, "GET /api/v1/pools/hub/members/ex2", bearer))
        .contains("\"step\":\"outside-sender\",\"scope\":\"outside\"")
        .contains(
            "{\"direction\":\"from-member\",\"text\":\"220 ex2 \u00e9 \\\"ready\\\"\\u0007\"}");
  }

  @Test
  void probesOnRequest() throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/pools/hub/members/ex2/probe", bearer))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"direction\":\"to-member\",\"text\":\"MAIL FROM:<probe@example.net>\"");
  }

  @Test
  void refusedReloadIsAConflictThatSaysWhy() throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/reload", bearer))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"applied\":true,\"generation\":2");
    house.applied =
        new ConfigApplier.Applied(false, 2, List.of(), List.of("posthouse.yaml:3:5: no such key"));
    assertThat(Peer.ask(at, "POST /api/v1/reload", bearer))
        .startsWith("HTTP/1.1 409 ")
        .contains("\"error\":\"configuration refused, nothing changed\"")
        .contains("posthouse.yaml:3:5: no such key");
  }

  @Test
  void aForcedReloadIsAPathOfItsOwn() throws IOException {
    assertThat(Peer.ask(at, "POST /api/v1/reload", bearer)).startsWith("HTTP/1.1 200 ");
    assertThat(house.forced).isFalse();
    assertThat(Peer.ask(at, "POST /api/v1/reload/force", bearer)).startsWith("HTTP/1.1 200 ");
    assertThat(house.forced).isTrue();
  }

  @Test
  void saysWhichMethodAPathTakes() throws IOException {
    assertThat(Peer.ask(at, "GET /api/v1/reload", bearer))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("allow: POST");
    assertThat(Peer.ask(at, "DELETE /api/v1/status", bearer))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("allow: GET");
    assertThat(Peer.ask(at, "GET /api/v1/nothing", bearer)).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void ourBugIsAnErrorAndAnEvent() throws IOException {
    house.beforeProbe =
        () -> {
          throw new IllegalStateException("secret detail");
        };
    assertThat(Peer.ask(at, "POST /api/v1/pools/hub/members/ex2/probe", bearer))
        .startsWith("HTTP/1.1 500 ")
        .doesNotContain("secret detail");
    assertThat(house.events).extracting(e -> e.kind()).containsExactly(EventKind.BUG);
  }

  @Test
  void boundsHeadersAndBodies() throws IOException {
    assertThat(Peer.ask(at, "GET /healthz", "X: " + "x".repeat(9000))).matches("(?s)HTTP/1.1 4.*");
    String big = Peer.ask(at, "POST /api/v1/reload", bearer, "Content-Length: 5000");
    assertThat(big).startsWith("HTTP/1.1 413 ").contains("{\"error\":");
  }

  @Test
  void cutsOffTheSilentAndTheTrickling() throws Exception {
    try (AdminServer hasty =
            AdminServer.start(ANY_PORT, token, house.doors(), Duration.ofMillis(300));
        Peer silent = new Peer(hasty.address());
        Peer trickling = new Peer(hasty.address());
        Peer idle = new Peer(hasty.address())) {
      trickling.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ");
      Thread.ofVirtual().start(() -> trickle(trickling));
      idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(silent.isCutOff()).isTrue();
      assertThat(trickling.isCutOff()).isTrue();
      assertThat(idle.isCutOff()).isTrue();
      assertThat(Peer.ask(hasty.address(), "GET /healthz")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void neverCutsOffALongProbe() throws Exception {
    java.util.concurrent.CountDownLatch never = new java.util.concurrent.CountDownLatch(1);
    house.beforeProbe =
        () -> {
          try {
            assertThat(never.await(1500, java.util.concurrent.TimeUnit.MILLISECONDS)).isFalse();
          } catch (InterruptedException cut) {
            throw new IllegalStateException(cut);
          }
        };
    try (AdminServer hasty =
        AdminServer.start(ANY_PORT, token, house.doors(), Duration.ofMillis(300))) {
      assertThat(Peer.ask(hasty.address(), "POST /api/v1/pools/hub/members/ex2/probe", bearer))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void namesAPortInUseAndANonLoopbackAddress() {
    assertThatThrownBy(() -> AdminServer.start(at, token, house.doors()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on " + at)
        .hasMessageContaining("admin.listen");
    assertThatThrownBy(() -> AdminServer.start(new Endpoint("0.0.0.0", 0), token, house.doors()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("loopback only");
  }

  private static void trickle(Peer peer) {
    try {
      for (int i = 0; i < 400; i++) {
        peer.send("x");
        java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
      }
    } catch (IOException cutOff) {
      return;
    }
  }
}
