package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.ReportJson;
import io.posthouse.admin.ReportReader;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.report.LoopTraffic;
import io.posthouse.report.MemberWeight;
import io.posthouse.report.Report;
import io.posthouse.report.SenderKey;
import io.posthouse.report.ServedClass;
import io.posthouse.report.Traffic;
import io.posthouse.report.TrafficKey;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ReportCommandTest {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00.123456789Z");
  private static final InetAddress SOURCE = InetAddress.ofLiteral("172.16.51.174");

  private final LoopTraffic traffic = new LoopTraffic();
  private final Path directory;
  private final Shell shell;

  ReportCommandTest(@TempDir Path directory) {
    this.directory = directory;
    this.shell = new Shell(directory);
  }

  @BeforeEach
  void start() {
    send("10.1.1.12", "ex1", 6);
    send("10.1.1.12", "ex2", 1);
    send("2001:db8::7", "ex2", 1);
    TrafficKey way = new TrafficKey("SMTP_VS", "relay", "hub", "ex2", SOURCE);
    traffic.count(way).refused(50);
    traffic.count(way).failedTry();
    traffic.sent(new SenderKey(InetAddress.ofLiteral("10.1.1.13"), "SMTP_VS", "relay", "hub"));
    TrafficKey tcp = new TrafficKey("TCP_VS", "any", "hub", "ex2", null);
    traffic.count(tcp).link();
    traffic.count(tcp).linkEnds(70);
    traffic.sent(new SenderKey(InetAddress.ofLiteral("10.1.1.14"), "TCP_VS", "any", "hub"));
    shell.house.report = report(START, START.plusSeconds(2 * 86_400 + 3 * 3_600));
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  private void send(String client, String member, int times) {
    for (int i = 0; i < times; i++) {
      traffic.count(new TrafficKey("SMTP_VS", "relay", "hub", member, SOURCE)).accepted(2, 100);
      traffic.sent(new SenderKey(InetAddress.ofLiteral(client), "SMTP_VS", "relay", "hub"));
    }
  }

  private Report report(Instant started, Instant until) {
    return new Report(
        started,
        started,
        until,
        List.of(
            new ServedClass("SMTP_VS", Mode.SMTP, "relay", "hub", started, 4),
            new ServedClass("SMTP_VS", Mode.SMTP, "internet", "hub", started.plusSeconds(60), 2),
            new ServedClass("TCP_VS", Mode.TCP, "any", "hub", started, 1),
            new ServedClass("MX", Mode.SMTP, "everybody", "hub", started, 0)),
        List.of(
            new MemberWeight("hub", "ex1", 1, 0),
            new MemberWeight("hub", "ex2", 1, 0),
            new MemberWeight("hub", "far", 1, 10)),
        Traffic.sum(List.of(traffic.traffic())));
  }

  @Test
  void showsWhatTheTrafficCameToAndWhatItMeans() {
    assertThat(shell.run("report", "-c", "f")).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            Counted since 2026-11-22T12:00:00Z, the start of Posthouse, 2 d 3 h ago; WORK is messages, in mode tcp links

            VIRTUAL SERVER  CLASS  SOURCE         MEMBER   ACCEPTED  REFUSED  FAILED TRIES  RECIPIENTS  LINKS  OCTETS
            SMTP_VS         relay  172.16.51.174  hub/ex1  6         0        0             12          0      600
            SMTP_VS         relay  172.16.51.174  hub/ex2  2         1        1             4           0      250
            TCP_VS          any    client         hub/ex2  0         0        0             0           1      70

            CLASS      ACCEPTED  REFUSED  LINKS  OCTETS  SHARE
            relay      8         1        0      850     90.0 %
            any        0         0        1      70      10.0 %
            everybody  0         0        0      0       0.0 %
            internet   0         0        0      0       0.0 %

            MEMBER   PRIORITY  WEIGHT  WORK  SHARE   BY WEIGHT  DIFFERENCE
            hub/ex1  0         1       6     60.0 %  50.0 %     +10.0 points
            hub/ex2  0         1       4     40.0 %  50.0 %     -10.0 points
            hub/far  10        1       0     -       100.0 %    -

            TOP SENDER   VIRTUAL SERVER  CLASS  POOL  WORK  SHARE
            10.1.1.12    SMTP_VS         relay  hub   7     77.8 %
            10.1.1.13    SMTP_VS         relay  hub   1     11.1 %
            10.1.1.14    TCP_VS          any    hub   1     100.0 %
            2001:db8::7  SMTP_VS         relay  hub   1     11.1 %

            pool hub: ex1 has 60.0 % of the work; if each client stayed with one member (source persistence), the busiest would have 70.0 % at least
            WARNING: no work of class internet of virtual server SMTP_VS has reached a member since 2026-11-22T12:01:00Z, 2 d 2 h ago; 2 links let in
            WARNING: virtual server MX had no traffic since 2026-11-22T12:00:00Z, 2 d 3 h ago
            """);
  }

  @Test
  void showsAsManySendersAsAreAskedFor() {
    assertThat(shell.run("report", "-c", "f", "--top", "1")).isZero();
    assertThat(shell.out()).contains("10.1.1.12 ").doesNotContain("10.1.1.13 ");
    assertThat(shell.run("report", "-c", "f", "--top", "0")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--csv", "--csv=senders", "--json"})
  void programsGetAllSendersAndNoTop(String form) {
    assertThat(shell.run("report", "-c", "f", "--top", "1", form)).isEqualTo(2);
    assertThat(shell.err()).contains("leave --top out");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void sendersThatMayBeTooManyAreToldAsRanges() {
    for (int i = 0; i < 2_000; i++) {
      send("10.2.%d.%d".formatted(i / 250, i % 250 + 1), "ex1", 1);
    }
    shell.house.report = report(START, START.plusSeconds(90));
    assertThat(shell.run("report", "-c", "f")).isZero();
    assertThat(shell.out())
        .contains("1 min 30 s ago")
        .containsPattern("\n10\\.1\\.1\\.12 +SMTP_VS +relay +hub +7 +0\\.3 %\n")
        .containsPattern(
            "\n10\\.2\\.\\d+\\.\\d+ +SMTP_VS +relay +hub +1 to [23] +0\\.0 % to 0\\.1 %\n")
        .containsPattern(
            "\nmore clients than are told apart: one that is not listed brought [23] at most\n");
  }

  @Test
  void showsOnlyWhatCameSinceAnEarlierReport() throws Exception {
    Path before = directory.resolve("before.json");
    assertThat(shell.run("report", "-c", "f", "--json")).isZero();
    Files.writeString(before, shell.out());
    send("10.1.1.99", "ex1", 3);
    shell.house.report = report(START, START.plusSeconds(2 * 86_400 + 3 * 3_600 + 600));
    shell.clear();

    assertThat(shell.run("report", "-c", "f", "--since", before.toString())).isZero();
    assertThat(shell.out())
        .startsWith(
            "Counted since 2026-11-24T15:00:00Z, the earlier report, 10 min 0 s ago; WORK is messages, in mode tcp links\n")
        .contains("hub/ex1  3         0        0             6           0      300\n")
        .doesNotContain("10.1.1.12", "hub/ex2  2")
        .contains("WARNING: virtual server TCP_VS had no traffic since 2026-11-24T15:00:00Z");

    shell.clear();
    assertThat(shell.run("report", "-c", "f", "--json", "--since", before.toString())).isZero();
    Report difference = ReportReader.of(new JsonMapper().readTree(shell.out()));
    assertThat(difference.traffic().total().accepted()).isEqualTo(3);
  }

  @Test
  void anEarlierReportOfAnotherStartIsRefusedWithTheRemedy() throws Exception {
    Path before = directory.resolve("before.json");
    Files.writeString(
        before, ReportJson.of(report(START.minusSeconds(9), START.plusSeconds(1))).toString());
    assertThat(shell.run("report", "-c", "f", "--since", before.toString())).isEqualTo(1);
    assertThat(shell.err())
        .startsWith("posthouse: Posthouse was started at 2026-11-22T12:00:00.123456789Z")
        .contains("save a new report now");
    assertThat(shell.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "{}",
        "{\"started\":\"yesterday\"}",
        "{\"started\":\"2026-11-22T12:00:00Z\",\"from\":\"2026-11-22T12:00:00Z\",\"until\":\"2026-11-22T12:00:00Z\","
            + "\"served\":[],\"members\":[{\"pool\":\"a\",\"member\":\"b\",\"weight\":99999999999,\"priority\":1}],"
            + "\"traffic\":[],\"senders\":[],\"unlisted-at-most\":0}",
      })
  void whatIsNoReportIsWrongUsage(String text) throws Exception {
    Path before = Files.writeString(directory.resolve("before.json"), text);
    assertThat(shell.run("report", "-c", "f", "--since", before.toString())).isEqualTo(2);
    assertThat(shell.err()).contains("is no report; make one with: posthouse report --json >");
    assertThat(shell.run("report", "-c", "f", "--since", directory.resolve("none").toString()))
        .isEqualTo(2);
    assertThat(shell.err()).contains("cannot read");
  }

  @Test
  void jsonIsTheAnswerAsItIsAndCanBeReadAgain() {
    assertThat(shell.run("report", "-c", "f", "--json")).isZero();
    assertThat(ReportReader.of(new JsonMapper().readTree(shell.out())))
        .isEqualTo(shell.house.report);
  }

  @Test
  void eachTableComesAsCommaSeparatedValues() {
    assertThat(shell.run("report", "-c", "f", "--csv")).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            virtual-server,class,source,pool,member,accepted,refused,failed-tries,recipients,links,octets
            SMTP_VS,relay,172.16.51.174,hub,ex1,6,0,0,12,0,600
            SMTP_VS,relay,172.16.51.174,hub,ex2,2,1,1,4,0,250
            TCP_VS,any,client,hub,ex2,0,0,0,0,1,70
            """);
    shell.clear();
    assertThat(shell.run("report", "-c", "f", "--csv=senders")).isZero();
    assertThat(shell.out())
        .startsWith(
            """
            client,virtual-server,class,pool,at-least,at-most,share
            10.1.1.12,SMTP_VS,relay,hub,7,7,0.7778
            """);
    shell.clear();
    assertThat(shell.run("report", "-c", "f", "--csv=members")).isZero();
    assertThat(shell.out()).contains("hub,ex1,1,0,6,0,0,12,0,600,0.6000,0.5000\n");
    shell.clear();
    assertThat(shell.run("report", "-c", "f", "--csv=classes")).isZero();
    assertThat(shell.out()).contains("relay,8,1,1,16,0,850,0.9000\n");
    assertThat(shell.run("report", "-c", "f", "--csv=nothing")).isEqualTo(2);
  }
}
