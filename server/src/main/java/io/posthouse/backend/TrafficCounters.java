package io.posthouse.backend;

import io.posthouse.net.Loop;
import io.posthouse.net.Loops;
import io.posthouse.report.LoopTraffic;
import io.posthouse.report.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Counts the traffic of every loop for {@code posthouse report}: each loop writes its own counts,
 * and tells them when somebody asks.
 */
public final class TrafficCounters {
  private static final long PATIENCE_SECONDS = 5;

  private final Map<Loop, LoopTraffic> loops = new LinkedHashMap<>();

  /** Nothing counted yet. */
  public TrafficCounters(Loops all) {
    all.all().forEach(loop -> loops.put(loop, new LoopTraffic()));
  }

  /** What counts the traffic of a loop; for its thread. */
  public LoopTraffic of(Loop loop) {
    LoopTraffic of = loops.get(loop);
    if (of == null) {
      throw new AssertionError("a loop of somebody else");
    }
    return of;
  }

  /** What was counted so far; waits for each loop, so it is for none of them. */
  public Traffic traffic() {
    List<CompletableFuture<Traffic>> asked = new ArrayList<>();
    loops.forEach((loop, counts) -> {
      CompletableFuture<Traffic> answer = new CompletableFuture<>();
      asked.add(answer);
      loop.execute(() -> answer.complete(counts.traffic()));
    });
    List<Traffic> answers = new ArrayList<>();
    try {
      for (CompletableFuture<Traffic> each : asked) {
        answers.add(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a loop was asked", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "a loop does not answer within " + PATIENCE_SECONDS + " s", e);
    }
    return Traffic.sum(answers);
  }
}
