package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.balance.PoolView.Search;
import io.posthouse.balance.Rig.HandLoad;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.model.AdminState;
import io.posthouse.model.BalanceMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiers: whose turn it is, and who is asked when they cannot. */
class PoolViewTest {

  /**
   * Members a1, a2 of group 10, b1, b2 of group 20, c1 of group 30; the first column names those
   * that are down, the last the members of the first tier.
   */
  @ParameterizedTest
  @CsvSource({
    "'',          1, 'a1 a2'",
    "a1,          1, a2",
    "'a1 a2',     1, 'b1 b2'",
    "'a1 a2 b1',  1, b2",
    "'a1 a2 b1 b2', 1, c1",
    "'',          2, 'a1 a2'",
    "a1,          2, 'a2 b1 b2'",
    "'a1 b1 b2',  2, 'a2 c1'",
    "'',          3, 'a1 a2 b1 b2'",
    "'a1 a2',     3, 'b1 b2 c1'",
    "'',          5, 'a1 a2 b1 b2 c1'",
    "'',          9, 'a1 a2 b1 b2 c1'",
    "'a1 a2 b1 b2', 9, c1",
  })
  void priorityGroupsJoinInBelowMinActive(String down, int minActive, String firstTier) {
    Rig rig = groups().minActive(minActive);
    for (String name : words(down)) {
      rig.state(name, EffectiveState.DOWN);
    }
    List<Choice<HandLoad>> order = rig.order(0);
    List<String> method =
        order.stream().filter(c -> c.why() == Choice.Why.METHOD).map(Choice::name).toList();
    assertThat(method).containsExactlyInAnyOrderElementsOf(words(firstTier));
  }

  @Test
  void behindTheFirstTierComeTheOtherGroupsInOrderAndNobodyTwice() {
    List<Choice<HandLoad>> order = groups().order(0);
    assertThat(order).extracting(Choice::priority).containsExactly(10, 10, 20, 20, 30);
    assertThat(order).extracting(Choice::name).doesNotHaveDuplicates();
    assertThat(order)
        .extracting(Choice::why)
        .containsExactly(
            Choice.Why.METHOD,
            Choice.Why.METHOD,
            Choice.Why.FALLBACK,
            Choice.Why.FALLBACK,
            Choice.Why.FALLBACK);
  }

  @ParameterizedTest
  @EnumSource(BalanceMethod.class)
  void aPreviewNamesWhoIsNextAndTakesNoTurn(BalanceMethod method) {
    Rig rig = Rig.weighted(method, 1, 3, 2);
    PoolView<HandLoad> view = rig.view();
    for (int i = 0; i < 20; i++) {
      long before = rig.turn.now();
      String foreseen = Rig.first(view.preview(i, null)).name();
      assertThat(Rig.first(view.preview(i, null)).name()).isEqualTo(foreseen);
      assertThat(rig.turn.now()).isEqualTo(before);
      assertThat(Rig.first(view.search(i)).name()).isEqualTo(foreseen);
    }
  }

  @Test
  void pressuredMembersAreAskedLastOfAll() {
    Rig rig = groups().state("a1", EffectiveState.PRESSURE);
    assertThat(rig.names(0)).hasSize(5).endsWith("a1").startsWith("a2");
  }

  @Test
  void aPressuredMemberDoesNotCountForMinActive() {
    Rig rig = groups().minActive(2).state("a1", EffectiveState.PRESSURE);
    assertThat(rig.names(0).subList(0, 3)).containsExactlyInAnyOrder("a2", "b1", "b2");
  }

  @Test
  void whenOnlyPressuredOnesAreLeftTheyAreTheFirstTier() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1, 1);
    rig.state("m0", EffectiveState.PRESSURE).state("m1", EffectiveState.PRESSURE);
    rig.state("m2", EffectiveState.DOWN);
    List<Choice<HandLoad>> order = rig.order(0);
    assertThat(order).extracting(Choice::name).containsExactlyInAnyOrder("m0", "m1");
    assertThat(order).extracting(Choice::why).containsOnly(Choice.Why.METHOD);
  }

  @ParameterizedTest
  @EnumSource(EffectiveState.class)
  void drainingAndDisabledMembersTakeNothingWhateverTheirHealth(EffectiveState health) {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1);
    rig.status("m0", AdminState.DRAINING, health, 1);
    rig.status("m1", AdminState.DISABLED, health, 1);
    assertThat(rig.view().usable()).isFalse();
    assertThat(rig.names(0)).isEmpty();
    assertThat(rig.view().work("m0")).isEqualTo(Work.NONE);
  }

  @Test
  void unknownIsEligibleLikeUp() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1).state("m0", EffectiveState.UNKNOWN);
    assertThat(rig.names(0)).containsExactlyInAnyOrder("m0", "m1");
    assertThat(rig.order(0)).extracting(Choice::why).containsOnly(Choice.Why.METHOD);
  }

  @Test
  void aNameThatThePoolDoesNotHaveGetsNoWork() {
    assertThat(groups().view().work("z9")).isEqualTo(Work.NONE);
  }

  @Test
  void aFullMemberIsPassedOver() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1, 1);
    HandLoad full = rig.load("m0");
    Search<HandLoad> search = rig.view().search(0);
    assertThat(Rig.first(search, load -> load != full).name()).isEqualTo("m1");
    assertThat(Rig.first(search, load -> load != full).name()).isEqualTo("m2");
    assertThat(search.next(load -> load != full)).isNull();
    assertThat(search.next(load -> true)).isNull();
  }

  @Test
  void thePersistentMemberComesFirstAndOnlyOnce() {
    Rig rig = groups();
    Search<HandLoad> search = rig.view().search(0);
    Choice<HandLoad> same = search.persistent("b2", load -> true);
    assertThat(same).extracting(Choice::why).isEqualTo(Choice.Why.PERSISTENCE);
    assertThat(same).extracting(Choice::priority).isEqualTo(20);
    List<String> others = new java.util.ArrayList<>();
    Choice<HandLoad> next;
    while ((next = search.next(load -> true)) != null) {
      others.add(next.name());
    }
    assertThat(others).containsExactlyInAnyOrder("a1", "a2", "b1", "c1");
  }

  @Test
  void aPersistentMemberThatIsFullDownOrGoneIsNotTaken() {
    Rig rig = groups().state("a1", EffectiveState.DOWN);
    assertThat(rig.view().search(0).persistent("a1", load -> true)).isNull();
    assertThat(rig.view().search(0).persistent("z9", load -> true)).isNull();
    Search<HandLoad> search = rig.view().search(0);
    assertThat(search.persistent("a2", load -> false)).isNull();
    assertThat(Rig.first(search).name()).isEqualTo("a2");
  }

  @Test
  void refusesAMemberWithoutStatus() {
    Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1);
    rig.loads.clear();
    assertThatThrownBy(rig::view).hasMessageContaining("m0");
  }

  @Test
  void aPoolWithoutUsableMembersSaysSo() {
    Rig rig = Rig.weighted(BalanceMethod.SOURCE_HASH, 1).state("m0", EffectiveState.DOWN);
    assertThat(rig.view().usable()).isFalse();
    assertThat(rig.view().search(42).next(load -> true)).isNull();
    assertThat(Map.of("m0", rig.view().work("m0"))).containsEntry("m0", Work.NONE);
  }

  private static Rig groups() {
    return new Rig(BalanceMethod.ROUND_ROBIN)
        .member("c1", 1, 30)
        .member("b1", 1, 20)
        .member("a1", 1, 10)
        .member("b2", 1, 20)
        .member("a2", 1, 10);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
