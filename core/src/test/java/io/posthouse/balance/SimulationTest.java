package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.balance.Rig.HandLoad;
import io.posthouse.health.EffectiveState;
import io.posthouse.model.BalanceMethod;
import io.posthouse.persist.ClientKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A day of a pool in small: 200 links a second of changing length from 500 clients to four members
 * of weights 1, 1, 2, 2. After 20 s one of the heavy ones dies, after 40 s it is back and grows to
 * its weight over 30 s. What each member took, second by second, goes to {@code
 * target/simulation/METHOD.txt}.
 */
class SimulationTest {
  private static final int SECONDS = 100;
  private static final int LINKS_A_SECOND = 200;
  private static final int DIES = 20;
  private static final int BACK = 40;
  private static final int RAMP = 30;
  private static final double[] DUE = {1 / 6.0, 1 / 6.0, 2 / 6.0, 2 / 6.0};

  private record Running(double ends, HandLoad load) {}

  private final Rig rig = new Rig(BalanceMethod.ROUND_ROBIN);
  private final int[][] taken = new int[SECONDS][4];
  private final int[][] held = new int[SECONDS][4];

  @ParameterizedTest
  @EnumSource(BalanceMethod.class)
  void aMemberThatComesBackIsNeitherFloodedNorStarved(BalanceMethod method) throws IOException {
    simulate(method);
    write(method);
    // Hashed clients are few and of unequal diligence; the others spread links, not clients.
    double slack = method == BalanceMethod.SOURCE_HASH ? 0.08 : 0.025;
    for (int i = 0; i < 4; i++) {
      assertThat(share(0, DIES, i)).as("before, m" + i).isBetween(DUE[i] - slack, DUE[i] + slack);
      assertThat(share(BACK + RAMP, SECONDS, i))
          .as("afterwards, m" + i)
          .isBetween(DUE[i] - slack, DUE[i] + slack);
    }
    assertThat(share(DIES, BACK, 3)).as("while dead").isZero();
    noHerd(slack);
    noOscillation(slack);
  }

  /** In no second of the ramp does it get more than its full share. */
  private void noHerd(double slack) {
    for (int second = BACK; second < BACK + RAMP; second++) {
      assertThat(share(second, second + 1, 3))
          .as("second " + second)
          .isLessThan(DUE[3] + slack + 0.08);
    }
    assertThat(share(BACK, BACK + 3, 3)).as("the first three seconds").isLessThan(0.15);
    assertThat(share(BACK + 15, BACK + 25, 3)).as("the second half").isGreaterThan(0.15);
  }

  /** Five-second shares grow, but for noise: no swing from much to little and back. */
  private void noOscillation(double slack) {
    for (int second = BACK; second + 10 <= SECONDS; second += 5) {
      double before = share(second, second + 5, 3);
      double after = share(second + 5, second + 10, 3);
      assertThat(after).as("seconds from " + (second + 5)).isGreaterThan(before - slack - 0.03);
    }
  }

  private void simulate(BalanceMethod method) {
    Rig pool = Rig.weighted(method, 1, 1, 2, 2);
    rig.loads.putAll(pool.loads);
    SplittableRandom random = new SplittableRandom(20261122);
    PriorityQueue<Running> running =
        new PriorityQueue<>((one, other) -> Double.compare(one.ends(), other.ends()));
    for (int second = 0; second < SECONDS; second++) {
      happen(pool, second, running);
      PoolView<HandLoad> view = pool.view();
      for (int link = 0; link < LINKS_A_SECOND; link++) {
        double now = second + (double) link / LINKS_A_SECOND;
        while (!running.isEmpty() && running.peek().ends() <= now) {
          running.remove().load().connections--;
        }
        Choice<HandLoad> choice = view.search(client(random)).next(load -> true);
        assertThat(choice).isNotNull();
        taken[second][choice.name().charAt(1) - '0']++;
        HandLoad load = choice.load();
        load.connections++;
        load.responseNanos = 300_000 + 2_000L * load.connections;
        running.add(new Running(now - Math.log(1 - random.nextDouble()) * 0.5, load));
      }
      for (int i = 0; i < 4; i++) {
        held[second][i] = pool.load("m" + i).connections;
      }
    }
  }

  private static void happen(Rig pool, int second, PriorityQueue<Running> running) {
    if (second == DIES) {
      pool.state("m3", EffectiveState.DOWN);
      running.removeIf(link -> link.load() == pool.load("m3"));
      pool.load("m3").connections = 0;
    } else if (second >= BACK) {
      pool.ramp("m3", Math.min(1, (second - BACK + 0.5) / RAMP));
    }
  }

  /** A few clients send much, most of them little. */
  private static long client(SplittableRandom random) {
    int number = (int) (500 * random.nextDouble() * Math.sqrt(random.nextDouble()));
    byte[] octets = {10, 20, (byte) (number >> 8), (byte) number};
    try {
      return ClientKey.of(InetAddress.getByAddress(octets), 32, 64).hash();
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private double share(int from, int to, int member) {
    int mine = 0;
    int all = 0;
    for (int second = from; second < to; second++) {
      mine += taken[second][member];
      for (int each : taken[second]) {
        all += each;
      }
    }
    return (double) mine / all;
  }

  private void write(BalanceMethod method) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("weights 1 1 2 2; m3 dies at " + DIES + " s, is back at " + BACK + " s, ramp 30 s");
    lines.add("second   m0   m1   m2   m3   | in use   m0   m1   m2   m3");
    for (int second = 0; second < SECONDS; second++) {
      int[] t = taken[second];
      int[] h = held[second];
      lines.add(
          String.format(
              Locale.ROOT,
              "%6d %4d %4d %4d %4d   |        %4d %4d %4d %4d",
              second,
              t[0],
              t[1],
              t[2],
              t[3],
              h[0],
              h[1],
              h[2],
              h[3]));
    }
    String name = method.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Path directory = Files.createDirectories(Path.of("target", "simulation"));
    Files.write(directory.resolve(name + ".txt"), lines);
  }
}
