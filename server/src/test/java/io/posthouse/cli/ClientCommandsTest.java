package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.ConfigApplier;
import io.posthouse.door.Tracing;
import io.posthouse.door.Tracing.Direction;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.store.TokenFile;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ClientCommandsTest {
  private final Path directory;
  private final Shell shell;

  ClientCommandsTest(@TempDir Path directory) {
    this.directory = directory;
    this.shell = new Shell(directory);
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  @Test
  void statusAlignsItsColumns() {
    assertThat(shell.run("status", "-c", "f")).isZero();
    assertThat(shell.out().lines())
        .contains(
            "VIRTUAL SERVER  LISTENING                  POOL  STATE    EFFECTIVE  LINKS  SINCE"
                + "                 REASON",
            "SMTP_VS         127.0.0.1:2525,[::1]:2525  hub   enabled  up         2    "
                + "  2026-11-22T12:00:00Z  1 of 2 members up",
            "hub/ex1  10.1.1.21:25  enabled  up         1                 1     20     2026-11-22T12:00:00Z"
                + "  passed",
            "hub/ex2  10.1.1.22:25  enabled  pressure   1 (50 % outside)  1     20     2026-11-22T12:00:00Z"
                + "  452 4.3.1 Insufficient system resources",
            "VIRTUAL SERVER  CLASS           POOL  LINKS  TOTAL  REFUSED LINKS  MESSAGES  REFUSED MESSAGES  RELAY DENIED  MOST LINKS",
            "SMTP_VS         relay           hub   2      30     1              70        3                 4             100, 20 per client",
            "SMTP_VS         internet        hub   0      0      0              0         0                 0",
            "SMTP_VS         (of no class)   -     -      -      5              -         -                 -",
            "SMTP_VS         (not believed)  -     -      -      2              -         -                 -",
            "MEMBER   FROM     ADDRESS   MEMBER SEES  PROBLEM",
            "hub/ex1  automap  10.1.1.4  10.1.1.4",
            "hub/ex2  automap  10.1.1.4  10.9.9.9     an address translation is between")
        .endsWith("Configuration 1, running since 2026-11-22T12:00:00Z");
  }

  @Test
  void statusShowsListFilesAndWhatIsWrongWithThem() {
    shell.house.problem = "gateways.txt line 3: no address";
    assertThat(shell.run("status", "-c", "f")).isZero();
    assertThat(shell.out().lines())
        .contains(
            "DATA GROUP  FILE          ENTRIES  PROBLEM",
            "gateways    gateways.txt  1234     gateways.txt line 3: no address");
  }

  @Test
  void statusWrapsTheReasonOnATerminal() {
    shell.columns = 120;
    assertThat(shell.run("status", "-c", "f")).isZero();
    assertThat(shell.out())
        .contains("Z  452 4.3.1 Insufficient\n" + " ".repeat(96) + "system resources\n");
  }

  @Test
  void statusPutsTheReasonBelowOnANarrowTerminal() {
    shell.columns = 80;
    assertThat(shell.run("status", "-c", "f")).isZero();
    assertThat(shell.out())
        .contains("2026-11-22T12:00:00Z\n    452 4.3.1 Insufficient system resources\n");
  }

  @Test
  void jsonIsTheAnswerAsItIs() {
    assertThat(shell.run("status", "--json", "-c", "f")).isZero();
    assertThat(new JsonMapper().readTree(shell.out()).at("/pools/0/members/1/name").asString())
        .isEqualTo("ex2");
  }

  @Test
  void takesAddressAndTokenFromOptionsToo() throws Exception {
    assertThat(
            shell.run(
                "status",
                "--url",
                "http://" + shell.target().address(),
                "--token-file",
                shell.target().tokenFile().toString()))
        .isZero();
    assertThat(shell.run("status", "--url", "http://" + shell.target().address())).isEqualTo(2);
    assertThat(shell.run("status", "--url", "ftp://x", "-c", "f")).isEqualTo(2);
    assertThat(shell.run("status")).isEqualTo(2);
    assertThat(shell.err()).contains("-c FILE");
  }

  @Test
  void drainSetsTheState() {
    assertThat(shell.run("drain", "-c", "f", "hub/ex1")).isZero();
    assertThat(shell.house.states).containsEntry("hub/ex1", AdminState.DRAINING);
    assertThat(shell.out()).isEqualTo("hub/ex1 is draining; health: up; connections: 1\n");
    assertThat(shell.run("disable", "-c", "f", "hub/ex1")).isZero();
    assertThat(shell.house.states).containsEntry("hub/ex1", AdminState.DISABLED);
    assertThat(shell.run("enable", "-c", "f", "hub/ex1")).isZero();
    assertThat(shell.house.states).containsEntry("hub/ex1", AdminState.ENABLED);
  }

  @Test
  void drainWaitsUntilNoConnectionIsLeft() {
    shell.columns = 80;
    shell.house.connections.put("ex1", 2L);
    shell.whileWaiting.add(() -> shell.house.connections.put("ex1", 1L));
    shell.whileWaiting.add(() -> shell.house.connections.put("ex1", 0L));
    assertThat(shell.run("drain", "--wait", "-c", "f", "hub/ex1")).isZero();
    assertThat(shell.out()).contains("hub/ex1 is draining and has no connections left");
    assertThat(shell.err()).contains("draining hub/ex1: 2 connections").contains("1 connection");
    assertThat(shell.whileWaiting).isEmpty();
  }

  @Test
  void drainGivesUpAfterItsTimeout() {
    assertThat(shell.run("drain", "--wait", "--timeout", "3", "-c", "f", "hub/ex1")).isEqualTo(1);
    assertThat(shell.err()).contains("hub/ex1 still has 1 connections; it stays draining");
  }

  @Test
  void drainNoticesWhenSomebodyElseEnables() {
    shell.whileWaiting.add(() -> shell.house.states.put("hub/ex1", AdminState.ENABLED));
    assertThat(shell.run("drain", "--wait", "-c", "f", "hub/ex1")).isEqualTo(1);
    assertThat(shell.err()).contains("no longer draining");
  }

  @Test
  void probeShowsStepResultAndDialogue() {
    assertThat(shell.run("probe", "-c", "f", "hub/ex2")).isEqualTo(1);
    assertThat(shell.out())
        .isEqualTo(
            """
            monitor deep: pressure at outside sender (outside senders): 452 4.3.1 Insufficient system resources (31 ms)
              * connected to 10.1.1.22:25
              < 220 ex2 \u00e9 "ready"\u2407
              > MAIL FROM:<probe@example.net>
              < 452 4.3.1 Insufficient system resources
            """);
  }

  @Test
  void probeShowsTheCertificatesOfAMember() {
    assertThat(shell.run("probe", "-c", "f", "hub/ex1")).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            monitor tcp: passed: connected (2 ms)
              certificate of CN=ex1.contoso.com
                names ex1.contoso.com, 10.1.1.21
                issued by CN=Contoso CA
                expires 2027-01-01T00:00:00Z
              39 days left
              tls: verified would not take it: unknown issuer CN=Contoso CA
            """);
  }

  @Test
  void reloadTellsChangesOrProblems() {
    assertThat(shell.run("reload", "-c", "f")).isZero();
    assertThat(shell.out())
        .isEqualTo("configuration 2 is in effect\n  pool hub: member ex3 added\n");
    shell.house.applied =
        new ConfigApplier.Applied(false, 2, List.of(), List.of("f:3:5: no such key: wieght"));
    assertThat(shell.run("reload", "-c", "f")).isEqualTo(2);
    assertThat(shell.err())
        .startsWith("f:3:5: no such key: wieght\nposthouse: configuration refused");
  }

  @Test
  void onlyAForcedReloadForces() {
    assertThat(shell.run("reload", "-c", "f")).isZero();
    assertThat(shell.house.forced).isFalse();
    assertThat(shell.run("reload", "--force", "-c", "f")).isZero();
    assertThat(shell.house.forced).isTrue();
  }

  @Test
  void namesTheNearestMember() {
    assertThat(shell.run("drain", "-c", "f", "hub/ex9")).isEqualTo(1);
    assertThat(shell.err()).contains("did you mean ex1?");
    assertThat(shell.run("drain", "-c", "f", "hub/a b/%2e?#")).isEqualTo(1);
    assertThat(shell.err()).contains("pool hub has no member a b/%2e?#");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "hub/", "/ex1", ""})
  void wantsPoolAndMember(String argument) {
    assertThat(shell.run("drain", "-c", "f", argument)).isEqualTo(2);
    assertThat(shell.err()).contains("POOL/MEMBER");
  }

  @Test
  void saysThatNothingRuns() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      elsewhere(free.getLocalPort());
    }
    assertThat(shell.run("status", "-c", "f")).isEqualTo(1);
    assertThat(shell.err())
        .contains("nothing answers at http://127.0.0.1:")
        .contains("is it running?");
  }

  @Test
  void saysThatTheTokenIsAnothers() throws Exception {
    Path other = directory.resolve("other");
    TokenFile.open(other);
    Target found = new Target(shell.target().address(), TokenFile.in(other));
    shell.targets = file -> found;
    assertThat(shell.run("status", "-c", "f")).isEqualTo(1);
    assertThat(shell.err()).contains("refuses the token");
    Files.delete(TokenFile.in(other));
    assertThat(shell.run("status", "-c", "f")).isEqualTo(1);
    assertThat(shell.err()).contains("there is no administrator's token");
  }

  @Test
  void saysThatSomethingElseAnswers() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      Thread.ofVirtual()
          .start(() -> {
            try (var peer = other.accept()) {
              peer.getOutputStream()
                  .write(
                      "220 mail ESMTP\r\n\r\n"
                          .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            } catch (java.io.IOException ended) {
              throw new java.io.UncheckedIOException(ended);
            }
          });
      elsewhere(other.getLocalPort());
      assertThat(shell.run("status", "-c", "f")).isEqualTo(1);
    }
    assertThat(shell.err()).contains("is it a Posthouse?");
  }

  @Test
  void traceShowsWhoSaidWhatUntilItIsOver() {
    Instant at = Instant.parse("2026-11-22T12:00:00.120Z");
    shell.house.traced.add(
        new Tracing.Part(
            List.of(
                new Tracing.Line(at, "192.0.2.7 50123", Direction.TO_CLIENT, "220 lb ESMTP"),
                new Tracing.Line(at, "192.0.2.7 50123", Direction.FROM_CLIENT, "EHLO printer")),
            0,
            false));
    shell.house.traced.add(
        new Tracing.Part(
            List.of(
                new Tracing.Line(at, "192.0.2.7 50123", Direction.NOTE, "member ex1"),
                new Tracing.Line(at, "192.0.2.7 50123", Direction.FROM_MEMBER, "220 ex1"),
                new Tracing.Line(at, "192.0.2.7 50123", Direction.TO_MEMBER, "EHLO printer")),
            3,
            true));
    assertThat(shell.run("trace", "-c", "f", "192.0.2.7")).isZero();
    assertThat(shell.out().lines())
        .allMatch(line -> line.matches("\\d\\d:\\d\\d:00.120 .*"))
        .extracting(line -> line.substring(13))
        .containsExactly(
            "192.0.2.7 50123 S: 220 lb ESMTP",
            "192.0.2.7 50123 C: EHLO printer",
            "192.0.2.7 50123 -- member ex1",
            "192.0.2.7 50123 << 220 ex1",
            "192.0.2.7 50123 >> EHLO printer");
    assertThat(shell.err()).contains("3 lines were lost");
  }

  @Test
  void traceThatIsInterruptedEndsAtOnce() {
    shell.house.traced.add(new Tracing.Part(List.of(), 0, false));
    shell.whileWaiting.add(() -> {
      shell.atEnd.forEach(Runnable::run);
      assertThat(shell.house.ended).containsExactly(7L);
    });
    assertThat(shell.run("trace", "-c", "f", "192.0.2.7")).isZero();
    assertThat(shell.whileWaiting).isEmpty();
    shell.atEnd.forEach(Runnable::run);
    assertThat(shell.house.ended).as("one whose time is over needs no end").hasSize(1);
  }

  @Test
  void traceSaysThatThereIsNoRoomForOneMore() {
    for (int i = 0; i < 3; i++) {
      shell.house.traced.add(new Tracing.Part(List.of(), 0, true));
    }
    assertThat(shell.run("trace", "-c", "f", "192.0.2.7")).isEqualTo(1);
    assertThat(shell.err()).contains("as many traces run already as may; end one");
  }

  @ParameterizedTest
  @CsvSource({"printer,600,Write its address", "192.0.2.7,0,from 1 to 3600"})
  void traceWantsAnAddressAndATime(String client, String seconds, String remedy) {
    assertThat(shell.run("trace", "-c", "f", "--seconds", seconds, client)).isEqualTo(2);
    assertThat(shell.err()).contains(remedy);
  }

  private void elsewhere(int port) throws CommandFailure {
    Target found = new Target(new Endpoint("127.0.0.1", port), shell.target().tokenFile());
    shell.targets = file -> found;
  }

  @Test
  void aBadConfigurationIsWrongUsage() {
    shell.targets =
        file -> {
          throw CommandFailure.usage(file + ":1:1: no such file");
        };
    assertThat(shell.run("status", "-c", "bad")).isEqualTo(2);
    assertThat(shell.err()).isEqualTo("posthouse: bad:1:1: no such file\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status", "report", "why", "reload", "drain", "enable", "disable", "probe", "trace", "audit"
      })
  void everyCommandHasHelp(String command) {
    assertThat(shell.run(command, "--help")).isZero();
    assertThat(shell.out()).contains("Usage: posthouse " + command).contains("Exit codes:");
  }
}
