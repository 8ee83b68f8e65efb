package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.balance.Rig.HandLoad;
import io.posthouse.health.Pressure;
import io.posthouse.health.SenderScope;
import io.posthouse.model.BalanceMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a view gives to messages, by the scope of their sender. */
class ScopedViewTest {
  private static final SenderScope OUTSIDE = SenderScope.OUTSIDE;
  private final Rig rig = Rig.weighted(BalanceMethod.ROUND_ROBIN, 1, 1, 1);

  private static Pressure share(double share) {
    return new Pressure(share, share, 3, 10, Duration.ZERO, 0, "452 4.3.1");
  }

  private static Pressure out(int trial) {
    return new Pressure(0, 0, 3, 3, Duration.ofSeconds(10), trial, "452 4.3.1");
  }

  private Map<String, Integer> taken(SenderScope scope, int messages) {
    PoolView<HandLoad> view = rig.view();
    Map<String, Integer> taken = new TreeMap<>();
    for (int i = 0; i < messages; i++) {
      taken.merge(Rig.first(view.search(i, scope)).name(), 1, Integer::sum);
    }
    return taken;
  }

  private static List<String> order(PoolView.Search<HandLoad> search) {
    List<String> names = new ArrayList<>();
    Choice<HandLoad> next;
    while ((next = search.next(load -> true)) != null) {
      names.add(next.name());
    }
    return names;
  }

  @Test
  void aShareCountsInItsScopeOnly() {
    rig.pressure("m0", Pressure.NONE, share(0.5));
    assertThat(taken(OUTSIDE, 500)).isEqualTo(Map.of("m0", 100, "m1", 200, "m2", 200));
    assertThat(taken(SenderScope.INSIDE, 300)).isEqualTo(Map.of("m0", 100, "m1", 100, "m2", 100));
  }

  @Test
  void whoIsOutStandsLast() {
    rig.pressure("m1", Pressure.NONE, out(0));
    assertThat(taken(OUTSIDE, 100)).containsOnlyKeys("m0", "m2");
    assertThat(order(rig.view().search(0, OUTSIDE))).hasSize(3).last().isEqualTo("m1");
    assertThat(taken(SenderScope.INSIDE, 99)).containsOnlyKeys("m0", "m1", "m2");
  }

  @Test
  void forLinksAnyPressureStandsLast() {
    rig.pressure("m1", Pressure.NONE, share(0.75));
    assertThat(order(rig.view().search(0))).last().isEqualTo("m1");
  }

  @Test
  void oneMessageAloneIsTheTrialAndTheOthersStayAway() {
    rig.pressure("m1", Pressure.NONE, out(4));
    PoolView<HandLoad> view = rig.view();
    Choice<HandLoad> first = Rig.first(view.search(0, OUTSIDE));
    assertThat(first.name()).isEqualTo("m1");
    assertThat(first.why()).isEqualTo(Choice.Why.TRIAL);
    assertThat(first.trial()).isEqualTo(4);
    for (int i = 0; i < 50; i++) {
      assertThat(Rig.first(view.search(i, OUTSIDE)).name()).isNotEqualTo("m1");
    }
    assertThat(Rig.first(rig.view().search(0, OUTSIDE)).name()).isNotEqualTo("m1");
    rig.pressure("m1", Pressure.NONE, out(5));
    assertThat(Rig.first(rig.view().search(0, OUTSIDE)).trial()).isEqualTo(5);
  }

  @Test
  void aPreviewClaimsNoTrialAndNamesEveryMemberOnce() {
    rig.pressure("m1", Pressure.NONE, out(1));
    PoolView<HandLoad> view = rig.view();
    assertThat(order(view.preview(0, OUTSIDE))).hasSize(3).last().isEqualTo("m1");
    assertThat(Rig.first(view.search(0, OUTSIDE)).why()).isEqualTo(Choice.Why.TRIAL);
  }

  @Test
  void aTrialThatTheFilterRefusesIsGivenBack() {
    rig.pressure("m1", Pressure.NONE, out(1));
    PoolView<HandLoad> view = rig.view();
    HandLoad full = rig.load("m1");
    assertThat(Rig.first(view.search(0, OUTSIDE), load -> load != full).name()).isNotEqualTo("m1");
    assertThat(Rig.first(view.search(0, OUTSIDE)).name()).isEqualTo("m1");
  }

  @Test
  void aMessageThatWasATrialInVainGoesOnToEachOtherMemberOnce() {
    rig.pressure("m1", Pressure.NONE, out(1));
    assertThat(order(rig.view().search(0, OUTSIDE)))
        .startsWith("m1")
        .containsExactlyInAnyOrder("m0", "m1", "m2");
  }

  @Test
  void oneMessageIsNotTheTrialOfTwoMembers() {
    rig.pressure("m0", Pressure.NONE, out(1)).pressure("m1", Pressure.NONE, out(1));
    assertThat(order(rig.view().search(0, OUTSIDE))).containsExactly("m0", "m2", "m1");
  }

  @Test
  void aMessageOfAClientThatStaysWithItsMemberIsNobodysTrial() {
    rig.pressure("m1", Pressure.NONE, out(1));
    PoolView.Search<HandLoad> search = rig.view().search(0, OUTSIDE);
    assertThat(search.persistent("m0", load -> true)).isNotNull();
    assertThat(order(search)).first().isEqualTo("m2");
  }

  @Test
  void aMemberOfAReserveGroupIsNotTriedOutOfItsTurn() {
    rig.member("spare", 1, 10).pressure("spare", Pressure.NONE, out(1));
    assertThat(taken(OUTSIDE, 9)).doesNotContainKey("spare");
    rig.minActive(4);
    assertThat(taken(OUTSIDE, 9)).containsEntry("spare", 1);
  }

  @Test
  void whenOnlyPressuredOnesAreLeftTheyTakeTheWork() {
    for (String member : List.of("m0", "m1", "m2")) {
      rig.pressure(member, Pressure.NONE, out(0));
    }
    assertThat(taken(OUTSIDE, 300)).isEqualTo(Map.of("m0", 100, "m1", 100, "m2", 100));
    assertThat(rig.view().usable()).isTrue();
  }

  @Test
  void withoutPressureBothScopesAndLinksShareOneTurn() {
    PoolView<HandLoad> view = rig.view();
    assertThat(
            List.of(
                Rig.first(view.search(0)).name(),
                Rig.first(view.search(0, OUTSIDE)).name(),
                Rig.first(view.search(0, SenderScope.INSIDE)).name()))
        .containsExactly("m0", "m1", "m2");
  }
}
