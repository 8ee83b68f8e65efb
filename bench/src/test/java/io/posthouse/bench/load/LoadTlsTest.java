package io.posthouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.posthouse.bench.compare.ServerCertificate;
import io.posthouse.bench.load.ScriptedServer.Fault;
import io.posthouse.bench.load.TlsLoad.Sessions;
import io.posthouse.bench.load.TlsLoad.Start;
import io.posthouse.bench.load.TlsLoad.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LoadTlsTest {

  private static final int SESSIONS = 20;
  private static final int SLOTS = 4;

  private static SSLContext context;

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    context = ServerCertificate.make(folder).context();
  }

  @ParameterizedTest
  @CsvSource({"STARTTLS, V1_2", "STARTTLS, V1_3", "IMPLICIT, V1_2", "IMPLICIT, V1_3"})
  void fullHandshakesAreNeverResumed(Start start, Version version) throws Exception {
    try (ScriptedServer server = server(Fault.NONE, start)) {
      LoadResult result = LoadRun.run(plan(server, new TlsLoad(start, Sessions.FULL, version)));

      assertThat(result.failures()).isEmpty();
      assertThat(result.messagesOk()).isEqualTo(SESSIONS).isEqualTo(server.messages());
      assertThat(result.handshakes()).isEqualTo(SESSIONS);
      assertThat(result.handshakesResumed()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"STARTTLS, V1_2", "STARTTLS, V1_3", "IMPLICIT, V1_2", "IMPLICIT, V1_3"})
  void allButTheFirstSessionOfASlotAreResumed(Start start, Version version) throws Exception {
    try (ScriptedServer server = server(Fault.NONE, start)) {
      LoadResult result = LoadRun.run(plan(server, new TlsLoad(start, Sessions.RESUMED, version)));

      assertThat(result.failures()).isEmpty();
      assertThat(result.messagesOk()).isEqualTo(SESSIONS).isEqualTo(server.messages());
      assertThat(result.handshakes()).isEqualTo(SESSIONS);
      assertThat(result.handshakesResumed()).isEqualTo(SESSIONS - SLOTS);
    }
  }

  @Test
  void aBodyOfManyRecordsArrivesWhole() throws Exception {
    try (ScriptedServer server = server(Fault.NONE, Start.IMPLICIT)) {
      LoadPlan plan =
          plan(server, new TlsLoad(Start.IMPLICIT, Sessions.FULL, Version.V1_3))
              .withMail(MailShape.SMALL.withBytes(2_000_000))
              .withSessions(new SessionLoad(SLOTS, SLOTS, 2, 0));
      LoadResult result = LoadRun.run(plan);

      assertThat(result.failures()).isEmpty();
      assertThat(server.messages()).isEqualTo(2 * SLOTS);
      assertThat(server.bodyBytes()).isEqualTo(2L * SLOTS * 2_000_000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RESET_IN_HANDSHAKE,    IMPLICIT, TLS,      RESET",
    "RESET_IN_HANDSHAKE,    STARTTLS, TLS,      RESET",
    "CLOSE_IN_HANDSHAKE,    IMPLICIT, TLS,      CLOSED",
    "SILENT_HANDSHAKE,      IMPLICIT, TLS,      TIMEOUT",
    "SILENT_HANDSHAKE,      STARTTLS, TLS,      TIMEOUT",
    "NO_HANDSHAKE,          IMPLICIT, TLS,      TLS",
    "NO_STARTTLS,           STARTTLS, STARTTLS, REPLY",
    "REFUSE_STARTTLS,       STARTTLS, STARTTLS, REPLY",
    "INJECT_AFTER_STARTTLS, STARTTLS, STARTTLS, MALFORMED",
    "BUSY_AT_MAIL,          STARTTLS, MAIL,     REPLY",
    "CLOSE_AFTER_DOT,       IMPLICIT, FINAL_REPLY, CLOSED"
  })
  void countsAFailureAtItsStage(Fault fault, Start start, Stage stage, Cause cause)
      throws Exception {
    try (ScriptedServer server = server(fault, start)) {
      TlsLoad tls = new TlsLoad(start, Sessions.RESUMED, Version.V1_3);
      LoadResult result = LoadRun.run(plan(server, tls));

      assertThat(result.failures()).hasSize(1);
      assertThat(result.failed(stage, cause)).as("%s", result.failures()).isEqualTo(SESSIONS);
      assertThat(result.isClean()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void holdsIdleLinks(Start start) throws Exception {
    try (ScriptedServer server = server(Fault.NONE, start)) {
      LoadPlan plan =
          plan(server, new TlsLoad(start, Sessions.RESUMED, Version.V1_3))
              .withSessions(SessionLoad.of(1))
              .withIdleLinks(10);
      LoadRun run = LoadRun.start(plan);
      int held = run.awaitIdle(Duration.ofSeconds(30));
      run.stop();

      assertThat(held).isEqualTo(10);
      assertThat(run.await().isClean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void peersThatOnlyBeginAHandshakeDoNotHinderGoodSessions(Start start) throws Exception {
    try (ScriptedServer server = server(Fault.NONE, start)) {
      LoadPlan plan =
          plan(server, new TlsLoad(start, Sessions.FULL, Version.V1_3))
              .withSessions(new SessionLoad(2, 0, 1, 20))
              .withDuration(Duration.ofMillis(1_500))
              .withBad(Map.of(BadKind.HANDSHAKE, 6));
      LoadResult result = LoadRun.run(plan);

      BadResult bad = result.bad().getFirst();
      assertThat(result.isClean()).isTrue();
      assertThat(bad.opened()).isEqualTo(6);
      assertThat(bad.closedByPeer()).isZero();
      // At least half of a ClientHello each.
      assertThat(bad.bytes()).isGreaterThan(6 * 50);
    }
  }

  @Test
  void peersThatBeginAHandshakeNeedTls() throws Exception {
    try (ScriptedServer server = server(Fault.NONE, Start.IMPLICIT)) {
      LoadPlan plain = LoadPlan.of(server.address(), SessionLoad.of(1));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> plain.withBad(Map.of(BadKind.HANDSHAKE, 1)));
    }
  }

  @Test
  void namesOfTheCommandLine() {
    assertThat(TlsLoad.parse("starttls", "resumed", "1.2"))
        .isEqualTo(new TlsLoad(Start.STARTTLS, Sessions.RESUMED, Version.V1_2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsLoad.parse("tls", "full", "1.3"))
        .withMessage("--tls takes one of [starttls, implicit], not tls");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsLoad.parse("implicit", "full", "1.1"))
        .withMessageContaining("1.1");
  }

  private static ScriptedServer server(Fault fault, Start start) throws IOException {
    return new ScriptedServer(fault, "127.0.0.1", start, context);
  }

  private static LoadPlan plan(ScriptedServer server, TlsLoad tls) {
    return LoadPlan.of(server.address(), new SessionLoad(SLOTS, SESSIONS, 1, 0))
        .withTimeout(Duration.ofMillis(server.isSilent() ? 300 : 20_000))
        .withTls(tls);
  }
}
