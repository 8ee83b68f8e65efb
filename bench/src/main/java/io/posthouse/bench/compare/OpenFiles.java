package io.posthouse.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files a process of ours may have open; the shell raised the soft limit to the hard. */
public final class OpenFiles {

  private OpenFiles() {}

  /** The hard limit of this process and those it starts. */
  public static long hardLimit() throws IOException {
    return parseHardLimit(Files.readString(Path.of("/proc/self/limits")));
  }

  /** Reads the line {@code Max open files SOFT HARD files}. */
  static long parseHardLimit(String text) {
    String start = "Max open files";
    return text.lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()).strip().split(" +", -1))
        .filter(fields -> fields.length >= 2)
        .findFirst()
        .map(fields -> fields[1].equals("unlimited") ? 1_000_000 : Long.parseLong(fields[1]))
        .orElse(1_024L);
  }
}
