package io.posthouse.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many links the file descriptor limit of this process allows. */
final class FileDescriptors {
  /** What the JVM, logs, probes and the API need beside the links. */
  private static final int OWN = 256;

  /** What every loop needs for itself, beside one for each address it listens on. */
  private static final int EACH_LOOP = 4;

  private static final int FALLBACK = 1024;

  private FileDescriptors() {}

  /** The limit of this process; 1024 where the system does not say. */
  static long limit() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring("Max open files".length()).trim().replaceFirst("\\s.*", "");
          return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      return FALLBACK;
    }
    return FALLBACK;
  }

  /**
   * Links that so many descriptors allow: two for each, after a reserve for the process itself.
   *
   * @param loops event loops
   * @param addresses addresses listened on
   */
  static int links(long descriptors, int loops, int addresses) {
    long reserve = OWN + (long) loops * (EACH_LOOP + addresses);
    return Math.clamp((descriptors - reserve) / 2, 16, 5_000_000);
  }
}
