package io.posthouse.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long all processors of the machine together were busy, and how long there was, in ticks.
 *
 * <p>Known weakness: in a container this is the host, so neighbours count as well.
 */
public record MachineCpu(long busyTicks, long totalTicks) {

  /** Reads {@code /proc/stat} now. */
  public static MachineCpu now() throws IOException {
    return parse(Files.readString(Path.of("/proc/stat")));
  }

  /** Reads the first line of the file: user nice system idle iowait irq softirq steal (guest). */
  public static MachineCpu parse(String text) {
    String first = text.lines().findFirst().orElse("");
    String[] fields = first.strip().split(" +", -1);
    if (!fields[0].equals("cpu") || fields.length < 5) {
      throw new IllegalArgumentException("not the cpu line of /proc/stat: " + first);
    }
    long total = 0;
    long idle = 0;
    // Guest time (fields 9 and 10) is contained in user and nice already.
    for (int i = 1; i < Math.min(fields.length, 9); i++) {
      long ticks = Long.parseLong(fields[i]);
      total += ticks;
      if (i == 4 || i == 5) {
        idle += ticks;
      }
    }
    return new MachineCpu(total - idle, total);
  }

  /** The share of the machine that was busy since {@code earlier}, 0 to 1. */
  public double busyShareSince(MachineCpu earlier) {
    long total = totalTicks - earlier.totalTicks;
    return total <= 0 ? 0 : (double) (busyTicks - earlier.busyTicks) / total;
  }
}
