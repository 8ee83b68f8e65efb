package io.posthouse.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.posthouse.model.VirtualServer.Mode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final InetAddress INSIDE = InetAddress.ofLiteral("172.16.51.174");
  private static final InetAddress OUTSIDE = InetAddress.ofLiteral("172.16.51.175");

  private final LoopTraffic one = new LoopTraffic();
  private final LoopTraffic two = new LoopTraffic();
  private List<MemberWeight> members =
      List.of(new MemberWeight("hub", "ex1", 1, 0), new MemberWeight("hub", "ex2", 3, 0));

  private Report at(Instant started, Instant until) {
    return new Report(
        started,
        started,
        until,
        List.of(
            new ServedClass("SMTP_VS", Mode.SMTP, "relay", "hub", started, 5),
            new ServedClass("SMTP_VS", Mode.SMTP, "internet", "hub", started, 7),
            new ServedClass("TCP_VS", Mode.TCP, "everybody", "hub", started, 0)),
        members,
        Traffic.sum(List.of(one.traffic(), two.traffic())));
  }

  private Report report() {
    return at(NOON, NOON.plus(Duration.ofDays(2)));
  }

  private static void send(
      LoopTraffic on,
      String client,
      String as,
      @Nullable InetAddress source,
      String member,
      int times) {
    for (int i = 0; i < times; i++) {
      on.count(new TrafficKey("SMTP_VS", as, "hub", member, source)).accepted(2, 100);
      on.sent(new SenderKey(InetAddress.ofLiteral(client), "SMTP_VS", as, "hub"));
    }
  }

  @Test
  void sumsAreWhatWasSentOnAllLoops() {
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 30);
    send(two, "10.1.1.12", "relay", INSIDE, "ex1", 12);
    send(two, "192.0.2.7", "internet", OUTSIDE, "ex2", 8);
    one.count(new TrafficKey("SMTP_VS", "relay", "hub", "ex1", INSIDE)).refused(7);
    one.count(new TrafficKey("SMTP_VS", "relay", "hub", "ex1", INSIDE)).failedTry();

    Report report = report();
    assertThat(report.traffic().sums())
        .containsEntry(
            new TrafficKey("SMTP_VS", "relay", "hub", "ex1", INSIDE),
            new TrafficSums(42, 1, 1, 84, 0, 4207))
        .containsEntry(
            new TrafficKey("SMTP_VS", "internet", "hub", "ex2", OUTSIDE),
            new TrafficSums(8, 0, 0, 16, 0, 800))
        .hasSize(2);
    assertThat(report.traffic().total()).isEqualTo(new TrafficSums(50, 1, 1, 100, 0, 5007));
    assertThat(report.workOf("SMTP_VS")).isEqualTo(51);
    assertThat(report.traffic().senders().getFirst().most()).isEqualTo(42);
  }

  @Test
  void classesAreSummedOverVirtualServers() {
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 30);
    send(one, "192.0.2.7", "internet", OUTSIDE, "ex2", 10);
    one.count(new TrafficKey("OTHER_VS", "internet", "hub", "ex2", OUTSIDE)).accepted(1, 1);

    assertThat(report().byClass())
        .extracting(ClassSum::clientClass)
        .containsExactly("relay", "internet", "everybody");
    assertThat(report().byClass())
        .extracting(each -> each.sums().accepted())
        .containsExactly(30L, 11L, 0L);
    assertThat(report().byClass().getFirst().share()).isEqualTo(30.0 / 41, within(1e-9));
  }

  @Test
  void aMembersShareStandsBesideThatOfItsWeightInItsPriorityGroup() {
    members =
        List.of(
            new MemberWeight("hub", "ex1", 1, 0),
            new MemberWeight("hub", "ex2", 3, 0),
            new MemberWeight("hub", "spare", 5, 10));
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 30);
    send(one, "10.1.1.13", "relay", INSIDE, "ex2", 10);

    List<MemberShare> shares = report().shares();
    assertThat(shares).extracting(MemberShare::share).containsExactly(0.75, 0.25, 0.0);
    assertThat(shares).extracting(MemberShare::weightShare).containsExactly(0.25, 0.75, 1.0);
  }

  @Test
  void aClassWithoutTrafficIsNamedAndAVirtualServerWithoutAnyOnce() {
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 1);
    one.count(new TrafficKey("SMTP_VS", "internet", "hub", "ex1", OUTSIDE)).failedTry();

    assertThat(report().quiet())
        .containsExactly(
            new Quiet("SMTP_VS", "internet", NOON, 7), new Quiet("TCP_VS", "", NOON, 0));
  }

  @Test
  void stickingClientsMakeAMemberAtLeastAsBusyAsTheLargestClient() {
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 31);
    send(one, "10.1.1.12", "relay", INSIDE, "ex2", 31);
    send(one, "192.0.2.7", "internet", OUTSIDE, "ex1", 19);
    send(one, "192.0.2.8", "internet", OUTSIDE, "ex2", 19);

    assertThat(report().sticking()).containsExactly(new Sticking("hub", "ex1", 0.5, 0.62));
  }

  @Test
  void oneClientMoreThanMembersMeetsAnother() {
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 30);
    send(one, "10.1.1.13", "relay", INSIDE, "ex2", 30);
    send(one, "10.1.1.14", "relay", INSIDE, "ex1", 30);
    send(one, "10.1.1.15", "relay", INSIDE, "ex2", 10);

    assertThat(report().sticking()).containsExactly(new Sticking("hub", "ex1", 0.6, 0.6));
  }

  @Test
  void theBoundIsNeverAboveWhatSomeWayOfStickingGives() {
    java.util.Random random = new java.util.Random(7);
    for (int round = 0; round < 200; round++) {
      LoopTraffic on = new LoopTraffic();
      int count = random.nextInt(2, 5);
      long[] loads = new long[count];
      int all = 0;
      for (int client = 1; client <= random.nextInt(1, 9); client++) {
        int times = random.nextInt(1, 50);
        int member = random.nextInt(count);
        send(on, "10.0.0." + client, "relay", INSIDE, "m" + member, times);
        loads[member] += times;
        all += times;
      }
      List<MemberWeight> its =
          java.util.stream.IntStream.range(0, count)
              .mapToObj(i -> new MemberWeight("hub", "m" + i, 1, 0))
              .toList();
      Report report =
          new Report(NOON, NOON, NOON, List.of(), its, Traffic.sum(List.of(on.traffic())));
      double real = (double) java.util.Arrays.stream(loads).max().orElseThrow() / all;
      assertThat(report.sticking().getFirst().atLeast()).isLessThanOrEqualTo(real + 1e-9);
    }
  }

  @Test
  void theDifferenceIsWhatCameSince() {
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 30);
    send(one, "192.0.2.7", "internet", OUTSIDE, "ex2", 5);
    Report before = at(NOON, NOON.plusSeconds(60));
    send(two, "10.1.1.12", "relay", INSIDE, "ex1", 4);
    send(two, "10.1.1.99", "relay", INSIDE, "ex2", 6);
    Report since = at(NOON, NOON.plusSeconds(90)).since(before);

    assertThat(since.from()).isEqualTo(NOON.plusSeconds(60));
    assertThat(since.until()).isEqualTo(NOON.plusSeconds(90));
    assertThat(since.traffic().total()).isEqualTo(new TrafficSums(10, 0, 0, 20, 0, 1000));
    assertThat(since.traffic().senders())
        .containsExactly(
            new SenderCount(sender("10.1.1.99"), 6, 6), new SenderCount(sender("10.1.1.12"), 4, 4));
    assertThat(since.quiet())
        .containsExactly(
            new Quiet("SMTP_VS", "internet", before.until(), 0),
            new Quiet("TCP_VS", "", before.until(), 0));
  }

  private static SenderKey sender(String client) {
    return new SenderKey(InetAddress.ofLiteral(client), "SMTP_VS", "relay", "hub");
  }

  @Test
  void aSenderThatWasNotListedBeforeMayHaveSentBefore() {
    for (int i = 0; i < 3_000; i++) {
      one.sent(TopSendersTest.sender(i));
    }
    Report before = at(NOON, NOON.plusSeconds(60));
    long unlisted = before.traffic().unlisted();
    assertThat(unlisted).isPositive();
    for (int i = 0; i < 50; i++) {
      one.sent(sender("10.1.1.12"));
    }
    SenderCount first = at(NOON, NOON.plusSeconds(90)).since(before).traffic().senders().getFirst();
    assertThat(first.key()).isEqualTo(sender("10.1.1.12"));
    assertThat(first.least()).isEqualTo(50 - unlisted);
    assertThat(first.most()).isBetween(50L, 50 + unlisted);
  }

  @Test
  void reportsOfDifferentStartsAreNotCompared() {
    Report before = at(NOON.minusSeconds(1), NOON.plusSeconds(60));
    assertThatThrownBy(() -> report().since(before))
        .isInstanceOf(NotComparableException.class)
        .hasMessageContaining("2026-11-26T11:59:59Z")
        .hasMessageContaining("save a new report now");
  }

  @Test
  void countsThatWentBackAreNotCompared() {
    Report before = at(NOON, NOON.plusSeconds(60));
    send(one, "10.1.1.12", "relay", INSIDE, "ex1", 1);
    Report after = at(NOON, NOON.plusSeconds(60));
    assertThatThrownBy(() -> before.since(after)).hasMessageContaining("not below those of now");
    Report later = at(NOON, NOON.plusSeconds(61));
    assertThatThrownBy(() -> before.since(later)).hasMessageContaining("not below those of now");
    assertThatThrownBy(() -> later.since(after.since(before))).hasMessageContaining("difference");
  }
}
