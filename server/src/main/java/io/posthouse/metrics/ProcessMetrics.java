package io.posthouse.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** The process itself as metrics. */
final class ProcessMetrics {
  private ProcessMetrics() {}

  static void add(Families families) {
    Labels none = Labels.EMPTY;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      families.gauge(
          "posthouse_open_file_descriptors",
          "File descriptors in use; a link takes two",
          system.getOpenFileDescriptorCount(),
          none);
      families.gauge(
          "posthouse_max_file_descriptors",
          "File descriptors that the system allows",
          system.getMaxFileDescriptorCount(),
          none);
      families.counter(
          "posthouse_cpu_seconds",
          "Processor time of the process",
          system.getProcessCpuTime() / 1e9,
          none);
    }
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    families.gauge("posthouse_heap_used_bytes", "Java heap in use", heap.getUsed(), none);
    families.gauge("posthouse_heap_max_bytes", "Java heap at most", heap.getMax(), none);
    families.gauge(
        "posthouse_threads",
        "Platform threads",
        ManagementFactory.getThreadMXBean().getThreadCount(),
        none);
    double pauses = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      pauses += Math.max(0, collector.getCollectionTime()) / 1000.0;
    }
    families.counter("posthouse_gc_seconds", "Time spent in garbage collection", pauses, none);
  }
}
