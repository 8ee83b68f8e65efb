package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineWheelTest {
  private final DeadlineWheel wheel = new DeadlineWheel();

  /** 512 slots: within, at and beyond one round, and several rounds. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 510, 511, 512, 513, 1023, 1024, 1025, 5_000, 100_000})
  void neverEarlyAndAtMostOneTickLate(long ticks) {
    wheel.advance(37);
    Bell bell = new Bell();
    wheel.arm(bell, ticks);
    wheel.advance(37 + ticks);
    assertThat(bell.rung).isEmpty();
    wheel.advance(37 + ticks + 1);
    assertThat(bell.rung).containsExactly(37 + ticks + 1);
    assertThat(bell.isArmed()).isFalse();
    wheel.advance(37 + 3 * ticks + 2000);
    assertThat(bell.rung).hasSize(1);
  }

  @Test
  void oneLeapExpiresEverythingInOrder() {
    List<Integer> order = new ArrayList<>();
    for (int i : new int[] {700, 3, 512, 1, 1500}) {
      wheel.arm(new Bell(tick -> order.add(i)), i);
    }
    wheel.advance(10_000);
    assertThat(order).containsExactly(1, 3, 512, 700, 1500);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void disarmedIsNeverHeardOf() {
    Bell first = new Bell();
    Bell second = new Bell();
    Bell third = new Bell();
    wheel.arm(first, 5);
    wheel.arm(second, 5);
    wheel.arm(third, 5);
    wheel.disarm(second);
    wheel.disarm(second);
    assertThat(wheel.size()).isEqualTo(2);
    wheel.advance(10);
    assertThat(second.rung).isEmpty();
    assertThat(first.rung).hasSize(1);
    assertThat(third.rung).hasSize(1);
  }

  @Test
  void armingAgainMovesIt() {
    Bell bell = new Bell();
    wheel.arm(bell, 5);
    wheel.advance(3);
    wheel.arm(bell, 600);
    assertThat(wheel.size()).isEqualTo(1);
    wheel.advance(603);
    assertThat(bell.rung).isEmpty();
    wheel.advance(604);
    assertThat(bell.rung).containsExactly(604L);
  }

  @Test
  void anExpiringOneMayArmItselfAgain() {
    Bell[] bell = new Bell[1];
    bell[0] = new Bell(tick -> wheel.arm(bell[0], 512));
    wheel.arm(bell[0], 512);
    wheel.advance(513 * 4);
    assertThat(bell[0].rung).containsExactly(513L, 1026L, 1539L, 2052L);
  }

  @Test
  void anExpiringOneMayDisarmItsNeighbours() {
    List<Bell> bells = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      bells.add(new Bell(tick -> bells.forEach(wheel::disarm)));
    }
    bells.forEach(bell -> wheel.arm(bell, 9));
    wheel.advance(20);
    assertThat(bells.stream().mapToInt(bell -> bell.rung.size()).sum()).isEqualTo(1);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void anExpiringOneMayMoveItsNeighbours() {
    Bell later = new Bell();
    Bell mover = new Bell(tick -> wheel.arm(later, 3));
    wheel.arm(later, 9); // Armed first, so behind the mover in their slot.
    wheel.arm(mover, 9);
    wheel.advance(10);
    assertThat(later.rung).isEmpty();
    wheel.advance(14);
    assertThat(later.rung).containsExactly(14L);
  }

  @Test
  void aMonthWithoutDeadlinesIsNoWork() {
    long month = 30L * 24 * 3600 * 1000 / DeadlineWheel.TICK_MILLIS;
    // A walk over every tick would take hours.
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> wheel.advance(month * 1_000_000));
    Bell bell = new Bell();
    wheel.arm(bell, 2);
    wheel.advance(month * 1_000_000 + 3);
    assertThat(bell.rung).containsExactly(month * 1_000_000 + 3);
  }

  @Test
  void ticksAreNeverShorterThanTheMilliseconds() {
    assertThat(DeadlineWheel.ticks(0)).isEqualTo(1);
    assertThat(DeadlineWheel.ticks(1)).isEqualTo(1);
    assertThat(DeadlineWheel.ticks(100)).isEqualTo(1);
    assertThat(DeadlineWheel.ticks(101)).isEqualTo(2);
    assertThat(DeadlineWheel.ticks(86_400_000L)).isEqualTo(864_000);
  }

  /** Whatever is done to it, it rings as a list that is searched at every tick would. */
  @RepeatedTest(20)
  void ringsAsANaiveListDoes(RepetitionInfo repetition) {
    long seed = 20261122L * repetition.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, Long> naive = new HashMap<>();
    List<String> expected = new ArrayList<>();
    List<String> rung = new ArrayList<>();
    List<Bell> bells = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int number = i;
      bells.add(new Bell(tick -> rung.add(tick + " " + number)));
    }
    for (int step = 0; step < 3_000; step++) {
      int which = random.nextInt(bells.size());
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          long ticks = random.nextInt(5) == 0 ? random.nextLong(1, 4_000) : random.nextLong(1, 50);
          wheel.arm(bells.get(which), ticks);
          naive.put(which, wheel.tick() + ticks + 1);
        }
        case 2 -> {
          wheel.disarm(bells.get(which));
          naive.remove(which);
        }
        default -> {
          long to = wheel.tick() + random.nextLong(1, random.nextInt(20) == 0 ? 2_000 : 20);
          for (long tick = wheel.tick() + 1; tick <= to; tick++) {
            long now = tick;
            naive.entrySet().stream()
                .filter(entry -> entry.getValue() == now)
                .map(entry -> now + " " + entry.getKey())
                .forEach(expected::add);
            naive.values().removeIf(deadline -> deadline == now);
          }
          wheel.advance(to);
        }
      }
      assertThat(wheel.size()).as("seed %d step %d", seed, step).isEqualTo(naive.size());
    }
    assertThat(rung).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(rung)
        .isSortedAccordingTo(java.util.Comparator.comparingLong(DeadlineWheelTest::tick));
  }

  private static long tick(String rung) {
    return Long.parseLong(rung.substring(0, rung.indexOf(' ')));
  }

  /** Notes when it rings. */
  private static final class Bell extends Timeout {
    final List<Long> rung = new ArrayList<>();
    private final LongConsumer then;

    Bell() {
      this(tick -> {});
    }

    Bell(LongConsumer then) {
      this.then = then;
    }

    @Override
    protected void expired(long tick) {
      rung.add(tick);
      then.accept(tick);
    }
  }
}
