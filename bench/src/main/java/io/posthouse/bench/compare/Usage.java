package io.posthouse.bench.compare;

import io.posthouse.bench.measure.Clock;
import io.posthouse.bench.measure.MachineCpu;
import io.posthouse.bench.measure.ProcStat;
import java.io.IOException;
import java.util.List;

/**
 * Who used how much processor time, at one moment or between two.
 *
 * @param seconds wall time
 * @param balancer seconds of processor time of the balancer alone
 * @param busiestSink of the sink that used more; a sink has one thread
 * @param client of the load client, which is this process
 * @param machineShare the share of all processors that was busy, 0 to 1
 */
record Usage(
    double seconds, double balancer, double busiestSink, double client, double machineShare) {

  /** The counters at one moment. */
  record Counters(
      long atNanos, double balancer, List<Double> sinks, double client, MachineCpu machine) {}

  static Counters read(long balancerPid, List<Long> sinkPids) throws IOException {
    List<Double> sinks = new java.util.ArrayList<>();
    for (long pid : sinkPids) {
      sinks.add(ProcStat.of(pid).seconds());
    }
    return new Counters(
        Clock.nanos(),
        ProcStat.of(balancerPid).seconds(),
        List.copyOf(sinks),
        ProcStat.of(ProcessHandle.current().pid()).seconds(),
        MachineCpu.now());
  }

  static Usage between(Counters before, Counters after) {
    double busiest = 0;
    for (int i = 0; i < before.sinks().size(); i++) {
      busiest = Math.max(busiest, after.sinks().get(i) - before.sinks().get(i));
    }
    return new Usage(
        (after.atNanos() - before.atNanos()) / 1e9,
        after.balancer() - before.balancer(),
        busiest,
        after.client() - before.client(),
        after.machine().busyShareSince(before.machine()));
  }
}
