package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.balance.PoolView.Search;
import io.posthouse.balance.Rig.HandLoad;
import io.posthouse.model.BalanceMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method keeps weights within two percent of all links over a thousand of them. */
class SharesTest {
  private static final int LINKS = 1000;
  private static final int[][] WEIGHTS = {
    {1, 1},
    {1, 2, 3},
    {5, 1},
    {1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
    {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
    {256, 1}
  };

  static Stream<Arguments> everyMethodAndWeight() {
    return Arrays.stream(BalanceMethod.values())
        .flatMap(method ->
            Arrays.stream(WEIGHTS)
                .flatMap(
                    weights -> Stream.of(true, false).map(h -> Arguments.of(method, weights, h))));
  }

  @ParameterizedTest(name = "{0} {1} links held: {2}")
  @MethodSource("everyMethodAndWeight")
  void weightsHoldWithinTwoPercent(BalanceMethod method, int[] weights, boolean held) {
    Rig rig = Rig.weighted(method, weights);
    PoolView<HandLoad> view = rig.view();
    Map<String, Integer> taken = new TreeMap<>();
    for (int link = 0; link < LINKS; link++) {
      Choice<HandLoad> choice = first(view.search(client(link)));
      taken.merge(choice.name(), 1, Integer::sum);
      if (held) {
        choice.load().connections++;
      }
    }
    int all = IntStream.of(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      double due = (double) LINKS * weights[i] / all;
      assertThat((double) taken.getOrDefault("m" + i, 0))
          .as("%s of %s", "m" + i, taken)
          .isBetween(due - LINKS * 0.02, due + LINKS * 0.02);
    }
  }

  /** Where clients do not decide, it is two percent of each member's own share. */
  @ParameterizedTest(name = "{0} {1} links held: {2}")
  @MethodSource("everyMethodAndWeight")
  void everyMembersOwnShareHoldsWhereNoClientDecides(
      BalanceMethod method, int[] weights, boolean held) {
    List<BalanceMethod> drawn = List.of(BalanceMethod.SOURCE_HASH, BalanceMethod.TWO_CHOICES);
    if (drawn.contains(method)) {
      return;
    }
    Rig rig = Rig.weighted(method, weights);
    PoolView<HandLoad> view = rig.view();
    for (int link = 0; link < LINKS; link++) {
      HandLoad load = first(view.search(0)).load();
      load.connections += held ? 1 : 0;
      load.responseNanos++; // Counts links; far below the floor that it is compared with.
    }
    int all = IntStream.of(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      double due = (double) LINKS * weights[i] / all;
      assertThat((double) rig.load("m" + i).responseNanos)
          .isBetween(Math.floor(due * 0.98 - 1), Math.ceil(due * 1.02 + 1));
    }
  }

  /** Clients that lie evenly, so that the method is judged and not the luck of the draw. */
  private static long client(int number) {
    return (long) (EvenSequence.golden(number) * (1L << 53)) << 10;
  }

  private static Choice<HandLoad> first(Search<HandLoad> search) {
    Choice<HandLoad> choice = search.next(load -> true);
    if (choice == null) {
      throw new AssertionError("nobody is usable");
    }
    return choice;
  }
}
