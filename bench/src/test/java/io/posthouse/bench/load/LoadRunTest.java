package io.posthouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.bench.load.ScriptedServer.Fault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoadRunTest {

  private static final int SESSIONS = 30;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void goodSessionsAllEndWith221(String address) throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, address)) {
      LoadResult result = LoadRun.run(plan(server, 3, false));

      assertThat(result.sessionsStarted()).isEqualTo(SESSIONS);
      assertThat(result.sessionsOk()).isEqualTo(SESSIONS);
      assertThat(result.messagesOk()).isEqualTo(3 * SESSIONS).isEqualTo(server.messages());
      assertThat(result.bodyBytes()).isEqualTo(3L * SESSIONS * 4096);
      assertThat(result.failures()).isEmpty();
      assertThat(result.isClean()).isTrue();
      assertThat(result.sessionMillis().count()).isEqualTo(SESSIONS);
      assertThat(result.messageMillis().count()).isEqualTo(3 * SESSIONS);
      assertThat(result.sessionMillis().p50()).isPositive();
    }
  }

  @Test
  void pipelinedMessagesArriveAsWell() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1")) {
      LoadResult result = LoadRun.run(plan(server, 5, true));

      assertThat(result.messagesOk()).isEqualTo(5 * SESSIONS).isEqualTo(server.messages());
      assertThat(result.isClean()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SILENT_BANNER,    BANNER,      TIMEOUT,   false",
    "CLOSE_AT_BANNER,  BANNER,      CLOSED,    false",
    "GARBAGE_BANNER,   BANNER,      MALFORMED, false",
    "REFUSE_EHLO,      EHLO,        REPLY,     false",
    "BUSY_AT_MAIL,     MAIL,        REPLY,     false",
    "REFUSE_RCPT,      RCPT,        REPLY,     false",
    "REFUSE_RCPT,      RCPT,        REPLY,     true",
    "REFUSE_DATA,      DATA,        REPLY,     false",
    "REFUSE_DATA,      DATA,        REPLY,     true",
    "SILENT_DATA,      DATA,        TIMEOUT,   false",
    "CLOSE_AFTER_DOT,  FINAL_REPLY, CLOSED,    false",
    "REFUSE_AFTER_DOT, FINAL_REPLY, REPLY,     false",
    "CLOSE_AT_QUIT,    QUIT,        CLOSED,    false"
  })
  void countsAFailureAtItsStage(Fault fault, Stage stage, Cause cause, boolean pipelining)
      throws Exception {
    try (ScriptedServer server = new ScriptedServer(fault, "127.0.0.1")) {
      LoadResult result = LoadRun.run(plan(server, 1, pipelining));

      assertThat(result.failed(stage, cause)).isEqualTo(SESSIONS);
      assertThat(result.failures()).hasSize(1);
      assertThat(result.sessionsFailed()).isEqualTo(SESSIONS);
      assertThat(result.isClean()).isFalse();
      assertThat(result.sessionMillis().count()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"RESET_IN_BODY, RESET", "REPLY_IN_BODY, REPLY"})
  void countsAFailureInTheBody(Fault fault, Cause cause) throws Exception {
    try (ScriptedServer server = new ScriptedServer(fault, "127.0.0.1")) {
      LoadPlan plan = plan(server, 1, false).withMail(MailShape.SMALL.withBytes(20_000_000));
      LoadResult result = LoadRun.run(plan);

      assertThat(result.failed(Stage.BODY, cause)).isEqualTo(SESSIONS);
      assertThat(result.messagesOk()).isZero();
    }
  }

  @Test
  void theReplyIsShownWithTheFailure() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.BUSY_AT_MAIL, "127.0.0.1")) {
      LoadResult result = LoadRun.run(plan(server, 1, false));

      assertThat(result.failures().getFirst().sample()).isEqualTo("421 4.3.2 busy");
    }
  }

  @Test
  void countsARefusedConnect() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      nobody = (InetSocketAddress) socket.getLocalSocketAddress();
    }
    LoadResult result = LoadRun.run(LoadPlan.of(nobody, SessionLoad.of(4).withLimit(SESSIONS)));

    assertThat(result.failed(Stage.CONNECT, Cause.REFUSED)).isEqualTo(SESSIONS);
  }

  @Test
  void stopsInOrderWithinALongSession() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1")) {
      SessionLoad endless = new SessionLoad(4, 0, 1_000_000_000, 0);
      LoadRun run = LoadRun.start(LoadPlan.of(server.address(), endless));
      await().until(() -> server.messages() >= 50);
      run.stop();
      LoadResult result = run.await();

      assertThat(result.sessionsOk()).isEqualTo(4);
      assertThat(result.messagesOk()).isEqualTo(server.messages());
    }
  }

  @Test
  void endsByItselfWhenItsTimeIsOver() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1")) {
      LoadPlan plan =
          LoadPlan.of(server.address(), SessionLoad.of(2)).withDuration(Duration.ofMillis(300));
      LoadResult result = LoadRun.run(plan);

      assertThat(result.isClean()).isTrue();
      assertThat(result.seconds()).isBetween(0.2, 10.0);
    }
  }

  @Test
  void keepsToItsRate() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1")) {
      SessionLoad slow = new SessionLoad(10, 0, 1, 40);
      LoadPlan plan = LoadPlan.of(server.address(), slow).withDuration(Duration.ofSeconds(1));
      LoadResult result = LoadRun.run(plan);

      // A busy machine may be late, and never early.
      assertThat(result.sessionsOk()).isBetween(5L, 44L);
    }
  }

  @Test
  void holdsIdleLinksAndTellsWhichWereLost() throws Exception {
    ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1");
    LoadRun run =
        LoadRun.start(LoadPlan.of(server.address(), SessionLoad.of(0)).withIdleLinks(200));

    assertThat(run.awaitIdle(Duration.ofSeconds(30))).isEqualTo(200);
    server.close();
    await().until(() -> run.idleHeld() == 0);
    run.stop();
    LoadResult result = run.await();
    assertThat(result.idleLost()).isEqualTo(200);
    assertThat(result.isClean()).isFalse();
  }

  @Test
  void idleLinksThatStayAreNotLost() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1")) {
      LoadPlan plan = LoadPlan.of(server.address(), SessionLoad.of(1)).withIdleLinks(20);
      LoadRun run = LoadRun.start(plan);
      int held = run.awaitIdle(Duration.ofSeconds(30));
      run.stop();
      LoadResult result = run.await();

      assertThat(held).isEqualTo(20);
      assertThat(result.idleHeld()).isEqualTo(20);
      assertThat(result.isClean()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"SILENT", "TRICKLE", "RESET", "FLOOD"})
  void badPeersDoNotHinderGoodSessions(BadKind kind) throws Exception {
    try (ScriptedServer server = new ScriptedServer(Fault.NONE, "127.0.0.1")) {
      LoadPlan plan =
          LoadPlan.of(server.address(), new SessionLoad(2, 0, 1, 20))
              .withDuration(Duration.ofMillis(1_500))
              .withBad(Map.of(kind, 12));
      LoadResult result = LoadRun.run(plan);

      BadResult bad = result.bad().getFirst();
      assertThat(result.isClean()).isTrue();
      assertThat(bad.kind()).isEqualTo(kind);
      assertThat(bad.refused()).isZero();
      if (kind == BadKind.RESET) {
        assertThat(bad.opened()).isGreaterThan(12);
      } else {
        assertThat(bad.opened()).isEqualTo(12);
      }
      if (kind == BadKind.SILENT) {
        assertThat(bad.bytes()).isZero();
      } else {
        assertThat(bad.bytes()).isPositive();
      }
    }
  }

  private static LoadPlan plan(ScriptedServer server, int messages, boolean pipelining) {
    MailShape mail = MailShape.SMALL;
    return LoadPlan.of(server.address(), new SessionLoad(10, SESSIONS, messages, 0))
        .withTimeout(Duration.ofMillis(server.isSilent() ? 200 : 20_000))
        .withMail(new MailShape(mail.bytes(), mail.helo(), mail.from(), mail.to(), pipelining));
  }
}
