package io.posthouse.bench.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Rounds that start the balancer, wait for the first banner through it, and stop it. */
final class StartRounds implements Rounds {

  @Override
  public Series.Round run(Balancer balancer) throws IOException, InterruptedException {
    try {
      double seconds = balancer.start(Duration.ofSeconds(60));
      return new Series.Round(Map.of(Measure.START_SECONDS, seconds), List.of(), List.of());
    } finally {
      balancer.stop();
    }
  }
}
