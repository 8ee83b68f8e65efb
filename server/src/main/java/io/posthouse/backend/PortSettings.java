package io.posthouse.backend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The source ports that the kernel gives to connections, by its settings.
 *
 * @param capacity as many for each source address and member
 * @param reuse {@code tcp_tw_reuse}: which ports in TIME_WAIT are given again, 0 none, 1 all, 2
 *     those of the loopback interface
 */
record PortSettings(int capacity, int reuse) {
  private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");
  private static final String USUAL_RANGE = "32768 60999";
  private static final int HIGHEST = 65_535;
  private static final int MOST_OCTETS = 65_536;

  /** Those of this machine now. Blocks. */
  static PortSettings ofMachine() {
    int reuse = text("tcp_tw_reuse", "2").charAt(0) - '0';
    return new PortSettings(
        capacity(text("ip_local_port_range", USUAL_RANGE), text("ip_local_reserved_ports", "")),
        reuse);
  }

  /** How many ports a range such as {@code 32768 60999} has, without {@code 8080,33000-33009}. */
  static int capacity(String range, String reserved) {
    String[] ends = range.trim().split("\\s+", -1);
    int first = Integer.parseInt(ends[0]);
    int last = Math.min(Integer.parseInt(ends[1]), HIGHEST);
    int capacity = last - first + 1;
    for (String part : reserved.trim().split(",", -1)) {
      if (!part.isBlank()) {
        String[] bounds = part.trim().split("-", -1);
        int from = Math.max(first, Integer.parseInt(bounds[0]));
        int to = Math.min(last, Integer.parseInt(bounds[bounds.length - 1]));
        capacity -= Math.max(0, to - from + 1);
      }
    }
    return Math.max(1, capacity);
  }

  /** Whether a port in TIME_WAIT can be had at once. */
  boolean givesAgain(boolean loopback) {
    return reuse == 1 || (reuse == 2 && loopback);
  }

  /** In one read: the kernel gives nothing more at the second, and Files begins with one octet. */
  private static String text(String name, String otherwise) {
    byte[] octets = new byte[MOST_OCTETS];
    try (InputStream in = Files.newInputStream(SETTINGS.resolve(name))) {
      int length = Math.max(0, in.read(octets));
      String text = new String(octets, 0, length, StandardCharsets.US_ASCII).trim();
      return text.isEmpty() ? otherwise : text;
    } catch (IOException hidden) {
      return otherwise;
    }
  }
}
