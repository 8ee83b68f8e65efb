package io.posthouse.bench.compare;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * How a comparison is run.
 *
 * @param repository the root of the source tree, where the launcher is
 * @param posthouseCommand what to run as Posthouse; empty: the launcher. docs/benchmark.md lists
 *     the names in braces that are replaced
 * @param rounds pairs of rounds of each scenario
 * @param round how long a loaded round takes
 * @param warmupSessions sessions that end the warm-up of a balancer, if its time does not
 * @param warmup the longest warm-up of a balancer
 * @param sessions concurrent sessions with 4 KiB mails
 * @param largeSessions concurrent sessions with 20 MB mails
 * @param idleLinks idle links
 * @param threads threads of each balancer
 * @param keep whether logs and configurations stay when all is over
 */
public record Settings(
    Path repository,
    String posthouseCommand,
    Set<Scenario> scenarios,
    int rounds,
    Duration round,
    long warmupSessions,
    Duration warmup,
    int sessions,
    int largeSessions,
    int idleLinks,
    int threads,
    boolean keep) {}
