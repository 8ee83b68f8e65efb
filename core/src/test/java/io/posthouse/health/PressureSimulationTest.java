package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.posthouse.health.PressureSimulator.Behaviour;
import io.posthouse.health.PressureSimulator.Second;
import io.posthouse.health.PressureSimulator.Try;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The laws of pressure from real mail, over up to half an hour of a pool of four with 100 messages
 * a second. What each member got goes to {@code target/simulation/pressure-NAME.txt}.
 */
class PressureSimulationTest {
  private static final int PER_SECOND = 100;
  private static final int HALF_AN_HOUR = 1800;
  private static final List<String> ALL = List.of("a", "b", "c", "d");
  private static final Behaviour WELL = (second, scope) -> true;
  private static final Behaviour ALWAYS = (second, scope) -> false;

  /** Under pressure from one second to another. */
  private static Behaviour between(int from, int to) {
    return (second, scope) -> second < from || second >= to;
  }

  /** Pressure and none in turn. */
  private static Behaviour flapping(int seconds) {
    return (second, scope) -> (int) (second / seconds) % 2 == 0;
  }

  /** Every second message. */
  private static Behaviour half() {
    int[] count = {0};
    return (second, scope) -> count[0]++ % 2 == 0;
  }

  private static Behaviour refusing(double share) {
    SplittableRandom random = new SplittableRandom(7);
    return (second, scope) -> random.nextDouble() >= share;
  }

  /** Takes so many a second, and a second's worth at once. */
  private static Behaviour capacity(double perSecond) {
    return capacity(perSecond, perSecond, 0, 0);
  }

  /** The same, with less from one second to another. */
  private static Behaviour capacity(double perSecond, double less, int from, int to) {
    double[] state = {perSecond, 0};
    return (second, scope) -> {
      double rate = second >= from && second < to ? less : perSecond;
      state[0] = Math.min(rate, state[0] + (second - state[1]) * rate);
      state[1] = second;
      boolean takes = state[0] >= 1;
      state[0] -= takes ? 1 : 0;
      return takes;
    };
  }

  /** Three that are well, and d. */
  private static PressureSimulator beside(double inside, Behaviour d) {
    return new PressureSimulator(PER_SECOND, inside)
        .member("a", 1, WELL)
        .member("b", 1, WELL)
        .member("c", 1, WELL)
        .member("d", 1, d);
  }

  /** Four alike. */
  private static PressureSimulator four(double perSecond, Supplier<Behaviour> of) {
    PressureSimulator pool = new PressureSimulator(perSecond, 0.3);
    ALL.forEach(name -> pool.member(name, 1, of.get()));
    return pool;
  }

  private static int failed(PressureSimulator pool, int from, int to) {
    return pool.failures.subList(from, to).stream().mapToInt(each -> each).sum();
  }

  private static int given(PressureSimulator pool, String member, int from, int to) {
    return pool.of(member).seconds.subList(from, to).stream().mapToInt(Second::given).sum();
  }

  private static int refused(PressureSimulator pool, String member) {
    return pool.of(member).seconds.stream().mapToInt(Second::refused).sum();
  }

  /** The shares of its weight for outside senders that a member had one after the other. */
  private static List<Double> shares(PressureSimulator pool, String member, int from) {
    List<Double> shares = new ArrayList<>();
    for (Second second : pool.of(member).seconds.subList(from, pool.failures.size())) {
      if (shares.isEmpty() || shares.getLast() != second.outside()) {
        shares.add(second.outside());
      }
    }
    return shares;
  }

  /** How often its share went up after it had gone down, or down after it had gone up. */
  private static int turns(PressureSimulator pool, String member, int from) {
    List<Double> shares = shares(pool, member, from);
    int turns = 0;
    for (int i = 2; i < shares.size(); i++) {
      boolean up = shares.get(i) > shares.get(i - 1);
      turns += up == shares.get(i - 1) > shares.get(i - 2) ? 0 : 1;
    }
    return turns;
  }

  @Test
  void whoRefusesEverythingIsOutAfterThreeAndGetsOneTrialEachTimeUpToEveryFiveMinutes()
      throws IOException {
    PressureSimulator pool = beside(0, ALWAYS).run(HALF_AN_HOUR);
    pool.write("always");
    List<Try> tries = pool.of("d").tries;
    List<Double> trials = tries.stream().filter(Try::trial).map(Try::second).toList();
    assertThat(tries.size() - trials.size()).as("three, and what was under way").isBetween(3, 12);
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < trials.size(); i++) {
      pauses.add(Math.round(trials.get(i) - trials.get(i - 1)));
    }
    assertThat(trials.getFirst()).isBetween(10.0, 11.0);
    assertThat(pauses).containsExactly(20L, 40L, 80L, 160L, 300L, 300L, 300L, 300L);
    assertThat(failed(pool, 0, HALF_AN_HOUR)).isZero();
  }

  @Test
  void whoIsWellAgainGrowsByAQuarterEachTenSeconds() throws IOException {
    PressureSimulator pool = beside(0.3, between(30, 90)).run(300);
    pool.write("one-minute");
    assertThat(shares(pool, "d", 0)).containsExactly(1.0, 0.0, 0.25, 0.5, 0.75, 1.0);
    assertThat(pool.of("d").seconds.get(90 + 40 + 40).outside())
        .as("at most the last time out and four windows later")
        .isEqualTo(1);
    assertThat(given(pool, "d", 200, 300) / (100.0 * PER_SECOND)).isCloseTo(0.25, within(0.02));
    assertThat(failed(pool, 0, 300)).isZero();
  }

  @Test
  void whoRefusesHalfKeepsLittleAndSwingsRarely() throws IOException {
    PressureSimulator pool = beside(0, half()).run(HALF_AN_HOUR);
    pool.write("half");
    assertThat(shares(pool, "d", 60)).allSatisfy(share -> assertThat(share).isLessThan(0.3));
    assertThat(turns(pool, "d", 60)).as("in 29 minutes").isLessThan(15);
    assertThat(given(pool, "d", 60, HALF_AN_HOUR)).isLessThan(HALF_AN_HOUR * PER_SECOND / 40);
    assertThat(failed(pool, 0, HALF_AN_HOUR)).isZero();
  }

  @Test
  void whoRefusesOutsideSendersKeepsTheInsideOnes() throws IOException {
    PressureSimulator pool =
        beside(0.3, (second, scope) -> scope == SenderScope.INSIDE).run(HALF_AN_HOUR);
    pool.write("outside");
    assertThat(pool.of("d").seconds).allSatisfy(s -> assertThat(s.inside()).isEqualTo(1));
    assertThat(shares(pool, "d", 2)).containsExactly(0.0);
    assertThat(refused(pool, "d")).isLessThan(25);
    double inside = HALF_AN_HOUR * PER_SECOND * 0.3;
    assertThat(given(pool, "d", 0, HALF_AN_HOUR) / inside).isCloseTo(0.25, within(0.02));
  }

  @Test
  void whenAllRefuseAllAreAskedAndAllComeBack() throws IOException {
    PressureSimulator pool = four(PER_SECOND, () -> between(30, 90)).run(300);
    pool.write("all");
    for (String member : ALL) {
      int tries = given(pool, member, 30, 90);
      assertThat(tries).as("%s is asked", member).isGreaterThan(60 * PER_SECOND / 5);
      assertThat(pool.of(member).seconds.get(299).outside()).as(member).isEqualTo(1);
      assertThat(turns(pool, member, 0)).as(member).isEqualTo(1);
    }
    assertThat(failed(pool, 91, 300)).isZero();
  }

  /** 144 messages a second, of which 120 can be taken: the sixth that nobody can take, no more. */
  @Test
  void aPoolThatIsOverloadedAsAWholeLosesNothingOfItsCapacity() throws IOException {
    PressureSimulator pool = four(144, () -> capacity(30)).run(600);
    pool.write("overload");
    double failed = failed(pool, 0, 600) / (144.0 * 600);
    assertThat(failed).isCloseTo(1 / 6.0, within(0.005));
  }

  @Test
  void aPoolThatWasShortForAMinuteRecoversAsAWhole() throws IOException {
    PressureSimulator pool = four(PER_SECOND, () -> capacity(30, 18, 60, 120)).run(600);
    pool.write("dip");
    for (String member : ALL) {
      assertThat(pool.of(member).seconds.get(240).outside()).as(member).isEqualTo(1);
      assertThat(shares(pool, member, 240)).as(member).containsExactly(1.0);
    }
    assertThat(failed(pool, 125, 600)).isZero();
  }

  @Test
  void whoCanTakeFourFifthsOfItsPartIsNotDrivenOverItsLimitForEver() throws IOException {
    PressureSimulator pool = beside(0.3, capacity(20)).run(HALF_AN_HOUR);
    pool.write("limited");
    assertThat(turns(pool, "d", 120)).as("in 28 minutes").isLessThan(28);
    assertThat(refused(pool, "d")).isLessThan(HALF_AN_HOUR * PER_SECOND / 500);
    assertThat(given(pool, "d", 900, HALF_AN_HOUR)).as("yet it is used").isGreaterThan(900 * 3);
    assertThat(failed(pool, 0, HALF_AN_HOUR)).isZero();
  }

  @Test
  void whoFlapsIsLeftAloneMoreAndMore() throws IOException {
    for (int seconds : List.of(5, 15, 60)) {
      PressureSimulator pool = beside(0.3, flapping(seconds)).run(HALF_AN_HOUR);
      pool.write("flapping-" + seconds);
      assertThat(turns(pool, "d", 0)).as("every %d s", seconds).isLessThan(20);
      assertThat(turns(pool, "d", 900)).as("every %d s, later", seconds).isLessThan(9);
      assertThat(refused(pool, "d")).as("every %d s", seconds).isLessThan(200);
      assertThat(failed(pool, 0, HALF_AN_HOUR)).as("every %d s", seconds).isZero();
    }
  }

  @Test
  void whoHasMostOfTheWeightKeepsWhatTheBoundLeavesIt() throws IOException {
    PressureSimulator pool =
        new PressureSimulator(PER_SECOND, 0).member("a", 1, WELL).member("b", 3, ALWAYS).run(300);
    pool.write("heavy");
    assertThat(shares(pool, "b", 1))
        .singleElement()
        .satisfies(share -> assertThat(share).isCloseTo(1 / 3.0, within(1e-9)));
    assertThat(pool.leastWeight()).isCloseTo(0.5, within(1e-9));
  }

  /** Whatever members do, half of the weight is in effect, and everybody comes back. */
  @Test
  void neverMoreThanHalfOfTheWeightIsTakenAndAllOfItComesBack() {
    for (long seed = 0; seed < 15; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PressureSimulator pool = new PressureSimulator(20, random.nextDouble());
      int members = random.nextInt(1, 6);
      for (int i = 0; i < members; i++) {
        Behaviour any =
            switch (random.nextInt(5)) {
              case 0 -> WELL;
              case 1 -> ALWAYS;
              case 2 -> refusing(random.nextDouble());
              case 3 -> flapping(random.nextInt(1, 40));
              default -> capacity(random.nextInt(1, 10));
            };
        pool.member("m" + i, random.nextInt(1, 5), (s, scope) -> s >= 120 || any.takes(s, scope));
      }
      pool.run(600);
      assertThat(pool.leastWeight()).as("seed " + seed).isGreaterThan(0.5 - 1e-9);
      for (int i = 0; i < members; i++) {
        assertThat(pool.of("m" + i).seconds.getLast().outside()).as("seed " + seed).isEqualTo(1);
        assertThat(pool.of("m" + i).seconds.getLast().inside()).as("seed " + seed).isEqualTo(1);
      }
    }
  }
}
