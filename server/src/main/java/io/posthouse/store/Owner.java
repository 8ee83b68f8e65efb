package io.posthouse.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Users by their numbers: this process's own, and a file's owner. */
final class Owner {
  /** The system administrator, who may do everything anyway. */
  static final int ROOT = 0;

  private Owner() {}

  /** The number of the user this process runs as: the effective one of proc(5) status. */
  static int self() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8)) {
      if (line.startsWith("Uid:")) {
        return (int) Long.parseLong(line.split("\\s+", -1)[2]);
      }
    }
    throw new IOException("/proc/self/status does not tell this process's user");
  }

  /** The number of a file's owner; of the link itself if it is one. */
  static int of(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
