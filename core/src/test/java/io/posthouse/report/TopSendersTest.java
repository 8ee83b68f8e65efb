package io.posthouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopSendersTest {

  static SenderKey sender(int number) {
    return new SenderKey(address(number), "SMTP_VS", "internet", "hub");
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(number).array());
    } catch (UnknownHostException never) {
      throw new AssertionError(never);
    }
  }

  @Test
  void countsExactlyAsLongAsThereIsRoom() {
    TopSenders top = new TopSenders(100);
    for (int i = 0; i < 100; i++) {
      for (int times = 0; times <= i; times++) {
        top.count(sender(i));
      }
    }
    assertThat(top.unlisted()).isOne(); // Whoever comes next takes the place of the one with 1.
    assertThat(top.all()).hasSize(100).allMatch(each -> each.least() == each.most());
    for (int i = 0; i < 100; i++) {
      assertThat(top.all()).contains(new SenderCount(sender(i), i + 1, i + 1));
    }
  }

  @Test
  void nobodyIsUnlistedBeforeItIsFull() {
    TopSenders top = new TopSenders(2);
    top.count(sender(1));
    assertThat(top.unlisted()).isZero();
  }

  /** Skewed, as mail is, and with many that come once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverUndercountsAndIsNeverTooHighByMoreThanItsBound(long seed) {
    Random random = new Random(seed);
    int room = 1 + random.nextInt(200);
    TopSenders top = new TopSenders(room);
    Map<SenderKey, Long> truth = new HashMap<>();
    int all = 1 + random.nextInt(50_000);
    for (int i = 0; i < all; i++) {
      SenderKey sender = sender((int) Math.pow(random.nextDouble() * 100, random.nextInt(1, 4)));
      top.count(sender);
      truth.merge(sender, 1L, Long::sum);
    }
    long bound = all / room;
    assertThat(top.unlisted()).isLessThanOrEqualTo(bound);
    Map<SenderKey, SenderCount> told = new HashMap<>();
    top.all().forEach(each -> told.put(each.key(), each));
    truth.forEach((sender, count) -> {
      SenderCount its = told.get(sender);
      if (its == null) {
        assertThat(count).as("unlisted").isLessThanOrEqualTo(top.unlisted());
      } else {
        assertThat(its.most()).as("most").isBetween(count, count + bound);
        assertThat(its.least()).as("least").isLessThanOrEqualTo(count);
      }
    });
    assertThat(top.all().stream().mapToLong(SenderCount::most).sum()).isEqualTo(all);
  }

  @Test
  void aFloodOfAddressesTakesNoMoreRoomAndHidesNobodyLarge() {
    LoopTraffic traffic = new LoopTraffic();
    SenderKey large = sender(-1);
    for (int i = 0; i < 1_000_000; i++) {
      traffic.sent(sender(i));
      if (i % 100 == 0) {
        traffic.sent(large);
      }
    }
    assertThat(new HashSet<>(traffic.traffic().senders())).hasSize(LoopTraffic.SENDERS);
    Traffic told = Traffic.sum(List.of(traffic.traffic()));
    assertThat(told.unlisted()).isLessThanOrEqualTo(1_010_000 / LoopTraffic.SENDERS);
    SenderCount first = told.senders().getFirst();
    assertThat(first.key()).isEqualTo(large);
    assertThat(first.least()).isBetween(8_990L, 10_000L);
    assertThat(first.most()).isGreaterThanOrEqualTo(10_000);
  }

  @Test
  void waysAreBoundedAndNothingIsLostBeyond() {
    LoopTraffic traffic = new LoopTraffic();
    for (int i = 0; i < LoopTraffic.WAYS + 500; i++) {
      traffic.count(new TrafficKey("VS", "any", "hub", "m", address(i))).accepted(1, 10);
    }
    Traffic told = Traffic.sum(List.of(traffic.traffic()));
    assertThat(told.sums()).hasSize(LoopTraffic.WAYS + 1);
    assertThat(told.sums())
        .containsEntry(TrafficKey.OTHER, new TrafficSums(500, 0, 0, 500, 0, 5_000));
    assertThat(told.total().accepted()).isEqualTo(LoopTraffic.WAYS + 500);
  }

  @Test
  void loopsTogetherNeverUndercountEither() {
    Random random = new Random(42);
    Map<SenderKey, Long> truth = new HashMap<>();
    List<LoopTraffic> loops = List.of(new LoopTraffic(), new LoopTraffic(), new LoopTraffic());
    for (int i = 0; i < 200_000; i++) {
      SenderKey sender = sender((int) Math.pow(random.nextDouble() * 200, random.nextInt(1, 4)));
      loops.get(random.nextInt(3)).sent(sender);
      truth.merge(sender, 1L, Long::sum);
    }
    Traffic told = Traffic.sum(loops.stream().map(LoopTraffic::traffic).toList());
    assertThat(told.senders()).hasSize(Traffic.MOST_SENDERS);
    Map<SenderKey, SenderCount> known = new HashMap<>();
    told.senders().forEach(each -> known.put(each.key(), each));
    truth.forEach((sender, count) -> {
      SenderCount its = known.get(sender);
      if (its == null) {
        assertThat(count).isLessThanOrEqualTo(told.unlisted());
      } else {
        assertThat(count).isBetween(its.least(), its.most());
      }
    });
  }
}
