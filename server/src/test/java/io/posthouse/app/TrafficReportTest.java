package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.admin.ReportJson;
import io.posthouse.report.MemberShare;
import io.posthouse.report.Quiet;
import io.posthouse.report.Report;
import io.posthouse.report.SenderCount;
import io.posthouse.report.SenderKey;
import io.posthouse.report.TrafficKey;
import io.posthouse.report.TrafficSums;
import io.posthouse.testkit.NoLeaks;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the traffic of a whole Posthouse is what went through it. */
@ExtendWith(NoLeaks.class)
final class TrafficReportTest {
  private static final InetAddress RELAY = InetAddress.ofLiteral("127.0.2.9");
  private static final InetAddress GATEWAY = InetAddress.ofLiteral("127.0.2.8");

  @TempDir Path directory;

  private static String file(SmtpMember one, SmtpMember two, String mode) {
    return """
    data-groups: { trusted: [127.0.0.2, 127.0.1.0/24], gateways: [127.0.0.3] }
    client-classes:
      relay: { from: trusted, relay: any, snat: 127.0.2.9 }
      gateway: { from: gateways, relay: server, snat: 127.0.2.8 }
      internet: { from: any, relay: server }
    pools:
      hub: { members: { mx1: "127.0.0.1:%d", mx2: { address: "127.0.0.1:%d", weight: 1 } } }
    virtual-servers:
      mail: { listen: "127.0.0.1:0", %s pool: hub, classes: [relay, gateway, internet] }
      spare: { listen: "127.0.0.9:0", %s pool: hub, classes: [relay] }
    """
        .formatted(one.port(), two.port(), mode, mode);
  }

  private static TrafficKey way(String clientClass, String member, InetAddress source) {
    return new TrafficKey("mail", clientClass, "hub", member, source);
  }

  private static SenderCount sender(String client, String clientClass, long count) {
    InetAddress address = InetAddress.ofLiteral(client);
    return new SenderCount(new SenderKey(address, "mail", clientClass, "hub"), count, count);
  }

  @Test
  void messagesAreCountedByClassSourceAddressAndMember() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember two = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, two, ""))) {
      for (int i = 0; i < 3; i++) {
        try (MailLink link = MailLink.from("127.0.0.2", house)) {
          link.say("EHLO client.example.org");
          for (int message = 0; message < 4; message++) {
            assertThat(link.send("a@example.org")).startsWith("250");
          }
        }
      }
      try (MailLink link = MailLink.from("127.0.0.3", house)) {
        link.say("EHLO client.example.org");
        for (int message = 0; message < 2; message++) {
          assertThat(link.send("b@example.org")).startsWith("250");
        }
      }

      Report report = house.posthouse().report().report();
      assertThat(report.traffic().sums())
          .containsOnlyKeys(
              way("relay", "mx1", RELAY),
              way("relay", "mx2", RELAY),
              way("gateway", "mx1", GATEWAY),
              way("gateway", "mx2", GATEWAY));
      long octets = 14L * MailLink.BODY.length();
      assertThat(report.traffic().total()).isEqualTo(new TrafficSums(14, 0, 0, 14, 0, octets));
      assertThat(report.traffic().senders())
          .containsExactly(sender("127.0.0.2", "relay", 12), sender("127.0.0.3", "gateway", 2));
      assertThat(report.shares()).extracting(MemberShare::share).containsExactly(0.5, 0.5);
      assertThat(report.quiet())
          .extracting(each -> each.server() + " " + each.clientClass())
          .containsExactly("mail internet", "spare ");
      assertThat(report.quiet())
          .allMatch(each -> each.links() == 0)
          .allMatch(each -> !each.since().isBefore(report.started()))
          .allMatch(each -> each.since().isBefore(report.until()));
      assertThat(report.sticking().getFirst().atLeast()).isEqualTo(12.0 / 14);
    }
  }

  @Test
  void aMemberThatFailsAndOneThatRefusesAreCountedAsThat() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember two = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, two, ""))) {
      one.mail = "452 4.3.1 Insufficient system resources";
      two.end = "550 5.7.1 no spam";
      try (MailLink link = MailLink.from("127.0.0.2", house)) {
        link.say("EHLO client.example.org");
        assertThat(link.send("a@example.org")).startsWith("550");
        assertThat(link.send("a@example.org")).startsWith("550");
      }
      Report report = house.posthouse().report().report();
      TrafficSums failing =
          report.traffic().sums().getOrDefault(way("relay", "mx1", RELAY), TrafficSums.NONE);
      TrafficSums refusing =
          report.traffic().sums().getOrDefault(way("relay", "mx2", RELAY), TrafficSums.NONE);
      assertThat(failing.failedTries()).isPositive();
      assertThat(failing.work()).isZero();
      assertThat(refusing).isEqualTo(new TrafficSums(0, 2, 0, 0, 0, 2L * MailLink.BODY.length()));
    }
  }

  @Test
  void inModeTcpLinksAndTheirOctetsAreCounted() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember two = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, two, "mode: tcp,"))) {
      for (int i = 0; i < 4; i++) {
        try (MailLink link = MailLink.from("127.0.0.2", house)) {
          assertThat(link.say("NOOP")).startsWith("250");
        }
      }
      await()
          .untilAsserted(() ->
              assertThat(house.posthouse().report().report().traffic().sums())
                  .containsEntry(way("relay", "mx1", RELAY), new TrafficSums(0, 0, 0, 0, 2, 12))
                  .containsEntry(way("relay", "mx2", RELAY), new TrafficSums(0, 0, 0, 0, 2, 12)));
      Report report = house.posthouse().report().report();
      assertThat(report.traffic().senders()).containsExactly(sender("127.0.0.2", "relay", 4));
    }
  }

  @Test
  void whatAClientWithoutSourceAddressOfItsClassUsesIsTheKernelsChoice() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember two = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, two, ""))) {
      try (MailLink link = MailLink.from("127.0.0.99", house)) {
        link.say("EHLO client.example.org");
        assertThat(link.send("a@example.org")).startsWith("250");
      }
      Set<String> sources =
          house.posthouse().report().report().traffic().sums().keySet().stream()
              .map(ReportJson::source)
              .collect(Collectors.toSet());
      assertThat(sources).isEqualTo(Set.of("127.0.0.1"));
    }
  }

  @Test
  void aReloadKeepsWhatWasCountedAndALaterClassIsQuietSinceItIsThere() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember two = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, two, ""))) {
      try (MailLink link = MailLink.from("127.0.0.2", house)) {
        link.say("EHLO client.example.org");
        assertThat(link.send("a@example.org")).startsWith("250");
      }
      Report before = house.posthouse().report().report();
      String more = file(one, two, "").replace("classes: [relay]", "classes: [gateway]");
      assertThat(house.reload(more).applied()).isTrue();
      Report after = house.posthouse().report().report();

      assertThat(after.traffic()).isEqualTo(before.traffic());
      assertThat(after.since(before).traffic().total()).isEqualTo(TrafficSums.NONE);
      List<Quiet> spare =
          after.quiet().stream().filter(each -> each.server().equals("spare")).toList();
      assertThat(spare).hasSize(1);
      assertThat(spare.getFirst().since()).isAfter(before.started());
    }
  }
}
