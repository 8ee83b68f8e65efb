package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.AdminState;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.StoringServer.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many links' mail while members die, come back, hang, drain and are under pressure, one after the
 * other.
 *
 * <p>{@code -Dchaos=100000} sets how many messages are sent, {@code -Dchaos.seed} what befalls the
 * members.
 */
@ExtendWith(NoLeaks.class)
final class ChaosTest {
  private static final int LINKS = 50;
  private static final int MEMBERS = 10;
  private static final int MESSAGES = Integer.getInteger("chaos", 25_000);
  private static final long SEED = Long.getLong("chaos.seed", 20_261_124L);

  /** Messages from one blow to the next. */
  private static final int PACE = 2_500;

  /** What befalls a member. */
  private sealed interface Blow {
    /** It dies. */
    record Death() implements Blow {}

    /** Its administrator takes it out. */
    record Drain() implements Blow {}

    /** It misbehaves. */
    record Misconduct(Conduct conduct) implements Blow {}
  }

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<StoringServer> members = new ArrayList<>();
  private final List<Blow> blows = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();

  @Test
  void whatGot250IsInExactlyOneStoreAndNothingIsLost() throws Exception {
    for (int i = 1; i <= MEMBERS; i++) {
      members.add(new StoringServer("m" + i, Duration.ofMillis(300)));
    }
    List<ChaosClient> clients;
    String log;
    try (RunningHouse house = house()) {
      clients = run(house);
      log = house.log();
    } finally {
      members.forEach(StoringServer::close);
    }
    Map<String, List<String>> stored = new HashMap<>();
    for (StoringServer member : members) {
      for (StoringServer.Stored each : member.stored()) {
        stored.computeIfAbsent(each.sender(), m -> new ArrayList<>()).add(each.body());
      }
    }
    judge(clients, stored, log);
  }

  private void judge(List<ChaosClient> clients, Map<String, List<String>> stored, String log) {
    int accepted = 0;
    int refused = 0;
    int unknown = 0;
    Map<String, Integer> words = new HashMap<>();
    for (ChaosClient client : clients) {
      accepted += client.accepted.size();
      refused += client.refused.size();
      client.accepted.forEach((mark, body) ->
          assertThat(stored.get(mark))
              .as("stores with %s, seed %d", mark, SEED)
              .containsExactly(body));
      for (Map.Entry<String, String> each : client.refused.entrySet()) {
        assertThat(each.getValue())
            .as("what %s heard, seed %d", each.getKey(), SEED)
            .startsWith("4");
        words.merge(each.getValue(), 1, Integer::sum);
        if (stored.containsKey(each.getKey())) {
          unknown++;
          assertThat(stored.get(each.getKey())).as(each.getKey()).hasSize(1);
          assertThat(log.lines().filter(line -> line.contains("did not say what became of it")))
              .as("outcome unknown, seed %d", SEED)
              .anyMatch(line -> line.contains(each.getKey()));
        }
      }
    }
    System.out.printf(
        "chaos: %d messages accepted, %d refused (%.2f %%), %d of them outcome unknown and stored;"
            + " links lost %d; %s%n",
        accepted,
        refused,
        100.0 * refused / (accepted + refused),
        unknown,
        clients.stream().mapToInt(each -> each.lostLinks).sum(),
        words);
    assertThat(clients).allMatch(client -> client.lostLinks == 0);
    assertThat(accepted + refused).isGreaterThanOrEqualTo(MESSAGES);
    assertThat((double) refused / (accepted + refused)).as("share refused").isLessThan(0.005);
  }

  private List<ChaosClient> run(RunningHouse house) throws Exception {
    List<ChaosClient> clients = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < LINKS; i++) {
        ChaosClient client = new ChaosClient(house, i, SEED);
        clients.add(client);
        Callable<Boolean> work =
            () -> {
              client.run(() -> goesOn(house));
              return true;
            };
        running.add(threads.submit(work));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return clients;
  }

  private boolean goesOn(RunningHouse house) {
    long now = sent.incrementAndGet();
    if (now % PACE == 0) {
      strike(house);
    }
    return now <= MESSAGES;
  }

  /** Makes the last victim well and strikes a member. */
  private synchronized void strike(RunningHouse house) {
    for (StoringServer each : members) {
      each.restart();
      each.conduct(Conduct.SERVE);
      house.posthouse().control().administer("hub", each.name(), AdminState.ENABLED, "chaos");
    }
    StoringServer victim = members.get(random.nextInt(members.size()));
    switch (nextBlow()) {
      case Blow.Death _ -> victim.kill();
      case Blow.Drain _ ->
          house
              .posthouse()
              .control()
              .administer("hub", victim.name(), AdminState.DRAINING, "chaos");
      case Blow.Misconduct(Conduct conduct) -> victim.conduct(conduct);
    }
  }

  /** Every kind of blow once, in an order by chance, then all of them anew. */
  private Blow nextBlow() {
    if (blows.isEmpty()) {
      blows.add(new Blow.Death());
      blows.add(new Blow.Drain());
      for (Conduct each : Conduct.values()) {
        blows.add(new Blow.Misconduct(each));
      }
    }
    return blows.remove(random.nextInt(blows.size()));
  }

  private RunningHouse house() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (StoringServer each : members) {
      lines.append("      %s: 127.0.0.1:%d%n".formatted(each.name(), each.port()));
    }
    return RunningHouse.start(
        directory,
        """
        log: { links: false }
        monitors:
          alive: { type: tcp, interval: 500ms, timeout: 400ms, rise: 1, down-time: 5s }
        pools:
          hub:
            monitors: alive
            capabilities: [CHUNKING, 8BITMIME]
            members:
        %s
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
        """
            .formatted(lines));
  }
}
