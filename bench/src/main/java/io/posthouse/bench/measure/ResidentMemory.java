package io.posthouse.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of a process, as {@code /proc/PID/smaps_rollup} counts it page by page. */
public final class ResidentMemory {

  private ResidentMemory() {}

  /**
   * Resident bytes of a process now.
   *
   * @throws IOException when there is no such process, or it is another user's
   */
  public static long bytes(long pid) throws IOException {
    return parse(Files.readString(Path.of("/proc", Long.toString(pid), "smaps_rollup")));
  }

  /** Reads the line {@code Rss: 123 kB}, in bytes. */
  public static long parse(String text) {
    return text.lines()
        .filter(line -> line.startsWith("Rss:"))
        .findFirst()
        .map(line -> line.strip().split(" +", -1))
        .filter(fields -> fields.length == 3 && fields[2].equals("kB"))
        .map(fields -> Long.parseLong(fields[1]) * 1024)
        .orElseThrow(() -> new IllegalArgumentException("no line 'Rss: N kB' in smaps_rollup"));
  }
}
