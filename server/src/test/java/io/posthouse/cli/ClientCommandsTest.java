package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.AdminServer;
import io.posthouse.admin.House;
import io.posthouse.door.ConfigApplier;
import io.posthouse.door.Tracing;
import io.posthouse.door.Tracing.Direction;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.store.TokenFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

class ClientCommandsTest {
  private final House house = new House();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Runnable> whileWaiting = new ArrayList<>();
  @TempDir Path directory;
  private AdminServer server;
  private Target target;
  private int columns;
  private long nanos;

  @Command(name = "posthouse")
  private static final class Root {}

  @BeforeEach
  void start() throws Exception {
    server =
        AdminServer.start(new Endpoint("127.0.0.1", 0), TokenFile.open(directory), house.doors());
    target = new Target(server.address(), TokenFile.in(directory));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void statusAlignsItsColumns() {
    assertThat(run("status", "-c", "f")).isZero();
    assertThat(out.toString().lines())
        .contains(
            "VIRTUAL SERVER  LISTENING                  POOL  STATE    EFFECTIVE  LINKS  SINCE"
                + "                 REASON",
            "SMTP_VS         127.0.0.1:2525,[::1]:2525  hub   enabled  up         2    "
                + "  2026-11-22T12:00:00Z  1 of 2 members up",
            "hub/ex1  10.1.1.21:25  enabled  up         1                 1     20     2026-11-22T12:00:00Z"
                + "  passed",
            "hub/ex2  10.1.1.22:25  enabled  pressure   1 (50 % outside)  1     20     2026-11-22T12:00:00Z"
                + "  452 4.3.1 Insufficient system resources",
            "VIRTUAL SERVER  CLASS           POOL  LINKS  TOTAL  REFUSED  MESSAGES  REFUSED  RELAY DENIED  MOST LINKS",
            "SMTP_VS         relay           hub   2      30     1        70        3        4             100, 20 per client",
            "SMTP_VS         internet        hub   0      0      0        0         0        0",
            "SMTP_VS         (of no class)   -     -      -      5        -         -        -",
            "SMTP_VS         (not believed)  -     -      -      2        -         -        -",
            "MEMBER   FROM     ADDRESS   MEMBER SEES  PROBLEM",
            "hub/ex1  automap  10.1.1.4  10.1.1.4",
            "hub/ex2  automap  10.1.1.4  10.9.9.9     an address translation is between")
        .endsWith("Configuration 1, running since 2026-11-22T12:00:00Z");
  }

  @Test
  void statusShowsListFilesAndWhatIsWrongWithThem() {
    house.problem = "gateways.txt line 3: no address";
    assertThat(run("status", "-c", "f")).isZero();
    assertThat(out.toString().lines())
        .contains(
            "DATA GROUP  FILE          ENTRIES  PROBLEM",
            "gateways    gateways.txt  1234     gateways.txt line 3: no address");
  }

  @Test
  void statusWrapsTheReasonOnATerminal() {
    columns = 120;
    assertThat(run("status", "-c", "f")).isZero();
    assertThat(out.toString())
        .contains("Z  452 4.3.1 Insufficient\n" + " ".repeat(96) + "system resources\n");
  }

  @Test
  void statusPutsTheReasonBelowOnANarrowTerminal() {
    columns = 80;
    assertThat(run("status", "-c", "f")).isZero();
    assertThat(out.toString())
        .contains("2026-11-22T12:00:00Z\n    452 4.3.1 Insufficient system resources\n");
  }

  @Test
  void jsonIsTheAnswerAsItIs() {
    assertThat(run("status", "--json", "-c", "f")).isZero();
    assertThat(new JsonMapper().readTree(out.toString()).at("/pools/0/members/1/name").asString())
        .isEqualTo("ex2");
  }

  @Test
  void takesAddressAndTokenFromOptionsToo() {
    assertThat(
            run(
                "status",
                "--url",
                "http://" + target.address(),
                "--token-file",
                target.tokenFile().toString()))
        .isZero();
    assertThat(run("status", "--url", "http://" + target.address())).isEqualTo(2);
    assertThat(run("status", "--url", "ftp://x", "-c", "f")).isEqualTo(2);
    assertThat(run("status")).isEqualTo(2);
    assertThat(err.toString()).contains("-c FILE");
  }

  @Test
  void drainSetsTheState() {
    assertThat(run("drain", "-c", "f", "hub/ex1")).isZero();
    assertThat(house.states).containsEntry("hub/ex1", AdminState.DRAINING);
    assertThat(out).hasToString("hub/ex1 is draining; health: up; connections: 1\n");
    assertThat(run("disable", "-c", "f", "hub/ex1")).isZero();
    assertThat(house.states).containsEntry("hub/ex1", AdminState.DISABLED);
    assertThat(run("enable", "-c", "f", "hub/ex1")).isZero();
    assertThat(house.states).containsEntry("hub/ex1", AdminState.ENABLED);
  }

  @Test
  void drainWaitsUntilNoConnectionIsLeft() {
    columns = 80;
    house.connections.put("ex1", 2L);
    whileWaiting.add(() -> house.connections.put("ex1", 1L));
    whileWaiting.add(() -> house.connections.put("ex1", 0L));
    assertThat(run("drain", "--wait", "-c", "f", "hub/ex1")).isZero();
    assertThat(out.toString()).contains("hub/ex1 is draining and has no connections left");
    assertThat(err.toString()).contains("draining hub/ex1: 2 connections").contains("1 connection");
    assertThat(whileWaiting).isEmpty();
  }

  @Test
  void drainGivesUpAfterItsTimeout() {
    assertThat(run("drain", "--wait", "--timeout", "3", "-c", "f", "hub/ex1")).isEqualTo(1);
    assertThat(err.toString()).contains("hub/ex1 still has 1 connections; it stays draining");
  }

  @Test
  void drainNoticesWhenSomebodyElseEnables() {
    whileWaiting.add(() -> house.states.put("hub/ex1", AdminState.ENABLED));
    assertThat(run("drain", "--wait", "-c", "f", "hub/ex1")).isEqualTo(1);
    assertThat(err.toString()).contains("no longer draining");
  }

  @Test
  void probeShowsStepResultAndDialogue() {
    assertThat(run("probe", "-c", "f", "hub/ex2")).isEqualTo(1);
    assertThat(out)
        .hasToString(
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
    assertThat(run("probe", "-c", "f", "hub/ex1")).isZero();
    assertThat(out)
        .hasToString(
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
    assertThat(run("reload", "-c", "f")).isZero();
    assertThat(out).hasToString("configuration 2 is in effect\n  pool hub: member ex3 added\n");
    house.applied =
        new ConfigApplier.Applied(false, 2, List.of(), List.of("f:3:5: no such key: wieght"));
    assertThat(run("reload", "-c", "f")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("f:3:5: no such key: wieght\nposthouse: configuration refused");
  }

  @Test
  void onlyAForcedReloadForces() {
    assertThat(run("reload", "-c", "f")).isZero();
    assertThat(house.forced).isFalse();
    assertThat(run("reload", "--force", "-c", "f")).isZero();
    assertThat(house.forced).isTrue();
  }

  @Test
  void namesTheNearestMember() {
    assertThat(run("drain", "-c", "f", "hub/ex9")).isEqualTo(1);
    assertThat(err.toString()).contains("did you mean ex1?");
    assertThat(run("drain", "-c", "f", "hub/a b/%2e?#")).isEqualTo(1);
    assertThat(err.toString()).contains("pool hub has no member a b/%2e?#");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "hub/", "/ex1", ""})
  void wantsPoolAndMember(String argument) {
    assertThat(run("drain", "-c", "f", argument)).isEqualTo(2);
    assertThat(err.toString()).contains("POOL/MEMBER");
  }

  @Test
  void saysThatNothingRuns() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      target = new Target(new Endpoint("127.0.0.1", free.getLocalPort()), target.tokenFile());
    }
    assertThat(run("status", "-c", "f")).isEqualTo(1);
    assertThat(err.toString())
        .contains("nothing answers at http://127.0.0.1:")
        .contains("is it running?");
  }

  @Test
  void saysThatTheTokenIsAnothers() throws Exception {
    Path other = directory.resolve("other");
    TokenFile.open(other);
    target = new Target(target.address(), TokenFile.in(other));
    assertThat(run("status", "-c", "f")).isEqualTo(1);
    assertThat(err.toString()).contains("refuses the token");
    Files.delete(TokenFile.in(other));
    assertThat(run("status", "-c", "f")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no administrator's token");
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
      target = new Target(new Endpoint("127.0.0.1", other.getLocalPort()), target.tokenFile());
      assertThat(run("status", "-c", "f")).isEqualTo(1);
    }
    assertThat(err.toString()).contains("is it a Posthouse?");
  }

  @Test
  void traceShowsWhoSaidWhatUntilItIsOver() {
    Instant at = Instant.parse("2026-11-22T12:00:00.120Z");
    house.traced.add(
        new Tracing.Part(
            List.of(
                new Tracing.Line(at, "192.0.2.7 50123", Direction.TO_CLIENT, "220 lb ESMTP"),
                new Tracing.Line(at, "192.0.2.7 50123", Direction.FROM_CLIENT, "EHLO printer")),
            0,
            false));
    house.traced.add(
        new Tracing.Part(
            List.of(
                new Tracing.Line(at, "192.0.2.7 50123", Direction.NOTE, "member ex1"),
                new Tracing.Line(at, "192.0.2.7 50123", Direction.FROM_MEMBER, "220 ex1"),
                new Tracing.Line(at, "192.0.2.7 50123", Direction.TO_MEMBER, "EHLO printer")),
            3,
            true));
    assertThat(run("trace", "-c", "f", "192.0.2.7")).isZero();
    assertThat(out.toString().lines())
        .allMatch(line -> line.matches("\\d\\d:\\d\\d:00.120 .*"))
        .extracting(line -> line.substring(13))
        .containsExactly(
            "192.0.2.7 50123 S: 220 lb ESMTP",
            "192.0.2.7 50123 C: EHLO printer",
            "192.0.2.7 50123 -- member ex1",
            "192.0.2.7 50123 << 220 ex1",
            "192.0.2.7 50123 >> EHLO printer");
    assertThat(err.toString()).contains("3 lines were lost");
  }

  @Test
  void traceSaysThatThereIsNoRoomForOneMore() {
    for (int i = 0; i < 3; i++) {
      house.traced.add(new Tracing.Part(List.of(), 0, true));
    }
    assertThat(run("trace", "-c", "f", "192.0.2.7")).isEqualTo(1);
    assertThat(err.toString()).contains("as many traces run already as may; end one");
  }

  @ParameterizedTest
  @CsvSource({"printer,600,Write its address", "192.0.2.7,0,from 1 to 3600"})
  void traceWantsAnAddressAndATime(String client, String seconds, String remedy) {
    assertThat(run("trace", "-c", "f", "--seconds", seconds, client)).isEqualTo(2);
    assertThat(err.toString()).contains(remedy);
  }

  @Test
  void aBadConfigurationIsWrongUsage() {
    assertThat(run("status", "-c", "bad")).isEqualTo(2);
    assertThat(err).hasToString("posthouse: bad:1:1: no such file\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status", "report", "why", "reload", "drain", "enable", "disable", "probe", "trace", "audit"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: posthouse " + command).contains("Exit codes:");
  }

  private int run(String... arguments) {
    CommandLine root = new CommandLine(new Root());
    ClientCommands.addTo(
        root,
        new ClientContext(
            this::find,
            (_, _) -> {
              throw new AssertionError("no command here asks about a candidate");
            },
            file -> {
              throw new AssertionError("no command here audits");
            },
            new PrintWriter(out),
            new PrintWriter(err),
            columns,
            () -> nanos,
            this::pause));
    root.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return root.execute(arguments);
  }

  private Target find(Path file) throws CommandFailure {
    if (file.toString().equals("bad")) {
      throw CommandFailure.usage("bad:1:1: no such file");
    }
    return target;
  }

  private void pause(java.time.Duration time) {
    nanos += time.toNanos();
    if (!whileWaiting.isEmpty()) {
      whileWaiting.remove(0).run();
    }
  }
}
