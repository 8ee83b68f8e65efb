package io.posthouse.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The resident memory of a process, as {@code /proc/PID/smaps_rollup} counts it page by page. */
public final class ResidentMemory {

  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]{1,16})-[0-9a-f]{1,16} ");

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

  /**
   * Resident bytes of the mappings of a process that begin within an address range.
   *
   * @throws IOException when there is no such process, or it is another user's
   */
  public static long bytesBetween(long pid, long from, long to) throws IOException {
    return parseBetween(Files.readString(Path.of("/proc", Long.toString(pid), "smaps")), from, to);
  }

  /** Adds the {@code Rss} lines of the mappings in {@code smaps} that begin in the range. */
  static long parseBetween(String smaps, long from, long to) {
    long bytes = 0;
    boolean within = false;
    for (String line : smaps.lines().toList()) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.lookingAt()) {
        long start = Long.parseUnsignedLong(mapping.group(1), 16);
        within = Long.compareUnsigned(start, from) >= 0 && Long.compareUnsigned(start, to) < 0;
      } else if (within && line.startsWith("Rss:")) {
        bytes += parse(line);
      }
    }
    return bytes;
  }
}
