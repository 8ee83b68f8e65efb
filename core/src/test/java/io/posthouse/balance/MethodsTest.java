package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.balance.Rig.HandLoad;
import io.posthouse.model.BalanceMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each balance method promises beside its weights. */
class MethodsTest {

  @Test
  void roundRobinIsSmooth() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1, 2);
    assertThat(firsts(rig, 8)).containsExactly("m2", "m0", "m1", "m2", "m2", "m0", "m1", "m2");
  }

  @Test
  void roundRobinNeverGivesOneMemberMoreThanItsWeightInAnyWindow() {
    int[] weights = {5, 3, 2, 1};
    List<String> order = firsts(Rig.weighted(BalanceMethod.ROUND_ROBIN, weights), 44);
    for (int from = 0; from + 11 <= order.size(); from++) {
      List<String> window = order.subList(from, from + 11);
      for (int i = 0; i < weights.length; i++) {
        String name = "m" + i;
        assertThat(window.stream().filter(name::equals).count()).isEqualTo(weights[i]);
      }
    }
  }

  @Test
  void roundRobinTakesNoTurnForASecondTry() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1, 1);
    assertThat(rig.names(0)).containsExactly("m0", "m1", "m2");
    assertThat(rig.names(0)).containsExactly("m1", "m2", "m0");
  }

  @Test
  void aNewViewGoesOnWhereTheOldOneWas() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1, 1, 1);
    assertThat(firsts(rig, 2)).containsExactly("m0", "m1");
    rig.ramp("m3", 1);
    assertThat(firsts(rig, 2)).containsExactly("m2", "m3");
  }

  @Test
  void leastConnectionsPrefersTheLeastForItsWeight() {
    Rig rig = Rig.weighted(BalanceMethod.LEAST_CONNECTIONS, 1, 4, 2);
    rig.load("m0").connections = 2;
    rig.load("m1").connections = 5;
    rig.load("m2").connections = 3;
    assertThat(rig.names(0)).containsExactly("m1", "m2", "m0");
  }

  @Test
  void leastConnectionsTakesTurnsAmongEquals() {
    Rig rig = Rig.weighted(BalanceMethod.LEAST_CONNECTIONS, 1, 1, 1);
    rig.load("m1").connections = 1;
    assertThat(firsts(rig, 6)).containsOnly("m0", "m2").contains("m0", "m2");
    rig.load("m1").connections = 0;
    assertThat(firsts(rig, 3)).containsExactlyInAnyOrder("m0", "m1", "m2");
  }

  @Test
  void leastMessagesPrefersTheFewestTransactionsForItsWeightWhateverIsConnected() {
    Rig rig = Rig.weighted(BalanceMethod.LEAST_MESSAGES, 1, 4, 2);
    rig.load("m0").transactions = 2;
    rig.load("m1").transactions = 5;
    rig.load("m2").transactions = 3;
    rig.load("m1").connections = 400;
    assertThat(rig.names(0)).containsExactly("m1", "m2", "m0");
  }

  @Test
  void leastMessagesCountsConnectionsWhereNoTransactionCanBeTold() {
    Rig rig = Rig.weighted(BalanceMethod.LEAST_MESSAGES, 1, 1);
    rig.load("m0").connections = 1;
    assertThat(firsts(rig, 5)).containsOnly("m1");
  }

  @Test
  void twoChoicesNeverTakesTheMostLoadedOfAll() {
    Rig rig = Rig.weighted(BalanceMethod.TWO_CHOICES, 1, 1, 1, 1);
    rig.load("m2").connections = 10;
    assertThat(firsts(rig, 200)).doesNotContain("m2").contains("m0", "m1", "m3");
  }

  @Test
  void twoChoicesTakesTheLessLoadedForItsWeightOfTwo() {
    Rig rig = Rig.weighted(BalanceMethod.TWO_CHOICES, 4, 1);
    rig.load("m0").connections = 7;
    rig.load("m1").connections = 2;
    assertThat(firsts(rig, 50)).containsOnly("m0");
    rig.load("m0").connections = 9;
    assertThat(firsts(rig, 50)).containsOnly("m1");
  }

  @Test
  void twoChoicesWithOneMemberLeftTakesIt() {
    assertThat(firsts(Rig.weighted(BalanceMethod.TWO_CHOICES, 3), 5)).containsOnly("m0");
  }

  @Test
  void responseTimesUnderTheFloorCountAsEqual() {
    Rig rig = Rig.weighted(BalanceMethod.RESPONSE_TIME, 1, 1);
    rig.load("m0").responseNanos = 50_000;
    rig.load("m1").responseNanos = 1_900_000;
    Map<String, Integer> shares = shares(firsts(rig, 1000));
    assertThat(shares.get("m0")).isBetween(490, 510);
  }

  @Test
  void aSlowMemberKeepsASmallShare() {
    Rig rig = Rig.weighted(BalanceMethod.RESPONSE_TIME, 1, 1);
    rig.load("m0").responseNanos = 2_000_000;
    rig.load("m1").responseNanos = 38_000_000;
    Map<String, Integer> shares = shares(firsts(rig, 1000));
    assertThat(shares.get("m1")).isBetween(40, 60); // 1 of 20.
  }

  @Test
  void aMemberThatNeverAnsweredCountsAsFast() {
    Rig rig = Rig.weighted(BalanceMethod.RESPONSE_TIME, 1, 1);
    rig.load("m0").responseNanos = 20_000_000;
    Map<String, Integer> shares = shares(firsts(rig, 1000));
    assertThat(shares.get("m1")).isGreaterThan(850);
  }

  @ParameterizedTest
  @EnumSource(BalanceMethod.class)
  void everyCandidateIsNamedOnceAndOnlyOnce(BalanceMethod method) {
    Rig rig = Rig.weighted(method, 1, 7, 2, 256, 3, 1);
    rig.load("m3").connections = 12;
    rig.load("m1").responseNanos = 90_000_000;
    for (int client = 0; client < 100; client++) {
      assertThat(rig.names(client * 0x9E3779B97F4A7C15L))
          .containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4", "m5");
    }
  }

  @ParameterizedTest
  @EnumSource(BalanceMethod.class)
  void aMemberThatIsDownTakesNothing(BalanceMethod method) {
    Rig rig = Rig.weighted(method, 1, 1, 1);
    rig.state("m1", io.posthouse.health.EffectiveState.DOWN);
    for (int client = 0; client < 50; client++) {
      assertThat(rig.names(client * 0x9E3779B97F4A7C15L)).containsExactlyInAnyOrder("m0", "m2");
    }
  }

  @ParameterizedTest
  @EnumSource(BalanceMethod.class)
  void aRampingMemberTakesItsShareOfItsWeight(BalanceMethod method) {
    Rig rig = Rig.weighted(method, 1, 1).ramp("m1", 0.25);
    List<String> firsts = new ArrayList<>();
    PoolView<HandLoad> view = rig.view();
    for (int link = 0; link < 1000; link++) {
      Choice<HandLoad> choice =
          Rig.first(view.search((long) (EvenSequence.golden(link) * (1L << 53)) << 10));
      firsts.add(choice.name());
      choice.load().connections++;
    }
    assertThat(shares(firsts).get("m1")).isBetween(180, 220); // 1 of 5.
  }

  @Test
  void aRampFromNearlyNothingNeverReachesZeroWeight() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1).ramp("m1", 0.000_001);
    assertThat(shares(firsts(rig, 2570)).get("m1")).isBetween(9, 11); // 1 of 257.
  }

  private static List<String> firsts(Rig rig, int links) {
    PoolView<HandLoad> view = rig.view();
    return IntStream.range(0, links).mapToObj(link -> Rig.first(view.search(0)).name()).toList();
  }

  private static Map<String, Integer> shares(List<String> names) {
    Map<String, Integer> shares = new TreeMap<>();
    for (String name : new HashSet<>(names)) {
      shares.put(name, (int) names.stream().filter(name::equals).count());
    }
    return shares;
  }
}
