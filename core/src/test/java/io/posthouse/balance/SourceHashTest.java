package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.EffectiveState;
import io.posthouse.model.BalanceMethod;
import io.posthouse.persist.ClientKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceHashTest {
  private static final int CLIENTS = 10_000;

  @Test
  void removingOneOfTenMovesAtMostFifteenPercent() {
    Rig rig = Rig.weighted(BalanceMethod.SOURCE_HASH, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    List<String> before = members(rig);
    for (int gone = 0; gone < 10; gone++) {
      String name = "m" + gone;
      rig.state(name, EffectiveState.DOWN);
      List<String> without = members(rig);
      assertThat(without).doesNotContain(name);
      assertThat(moved(before, without)).as("without " + name).isBetween(800, 1500);
      rig.state(name, EffectiveState.UP);
      assertThat(members(rig)).as("with it again").isEqualTo(before);
    }
  }

  @Test
  void removingOneFromTheFileMovesNoMore() {
    Rig rig = Rig.weighted(BalanceMethod.SOURCE_HASH, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2);
    List<String> before = members(rig);
    assertThat(moved(before, members(rig.without("m4")))).isLessThan(1500);
  }

  @Test
  void theOrderInTheFileMovesNobody() {
    List<String> names = IntStream.range(0, 10).mapToObj(i -> "mx" + i).toList();
    List<String> before = members(named(names));
    Random random = new Random(20261122);
    for (int round = 0; round < 20; round++) {
      List<String> shuffled = new ArrayList<>(names);
      Collections.shuffle(shuffled, random);
      assertThat(moved(before, members(named(shuffled)))).isZero();
    }
  }

  @Test
  void oneClientStaysWithOneMember() {
    Rig rig = Rig.weighted(BalanceMethod.SOURCE_HASH, 1, 1, 1);
    for (int client = 0; client < 100; client++) {
      List<String> order = rig.names(hash(client));
      assertThat(rig.names(hash(client))).isEqualTo(order);
    }
  }

  @Test
  void clientsOfOneNetworkAreSpreadEvenly() {
    List<String> members =
        members(Rig.weighted(BalanceMethod.SOURCE_HASH, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    for (int i = 0; i < 10; i++) {
      String name = "m" + i;
      assertThat(members.stream().filter(name::equals).count()).isBetween(900L, 1100L);
    }
  }

  private static Rig named(List<String> names) {
    Rig rig = new Rig(BalanceMethod.SOURCE_HASH);
    names.forEach(name -> rig.member(name, 1 + Math.abs(name.hashCode() % 3), 0));
    return rig;
  }

  private static List<String> members(Rig rig) {
    PoolView<Rig.HandLoad> view = rig.view();
    return IntStream.range(0, CLIENTS)
        .mapToObj(client -> view.search(hash(client)).next(load -> true))
        .map(choice -> choice == null ? "nobody" : choice.name())
        .toList();
  }

  private static int moved(List<String> before, List<String> after) {
    return (int)
        IntStream.range(0, CLIENTS)
            .filter(client -> !before.get(client).equals(after.get(client)))
            .count();
  }

  /** Neighbouring addresses of 10.20.0.0/16, as the relay hashes them. */
  private static long hash(int client) {
    byte[] octets = {10, 20, (byte) (client >> 8), (byte) client};
    try {
      return ClientKey.of(InetAddress.getByAddress(octets), 32, 64).hash();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
