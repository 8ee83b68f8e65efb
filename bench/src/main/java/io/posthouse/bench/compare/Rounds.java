package io.posthouse.bench.compare;

import java.io.IOException;

/** How one round of a scenario is run with one balancer. */
@FunctionalInterface
interface Rounds {

  Series.Round run(Balancer balancer) throws IOException, InterruptedException;
}
