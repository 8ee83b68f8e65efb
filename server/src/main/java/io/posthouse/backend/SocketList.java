package io.posthouse.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sockets of this machine that lead from an address of ours to a member, counted in the
 * kernel's list: also those in TIME_WAIT, of probes and of other programs.
 *
 * <p>Reading it takes the kernel some milliseconds for each 10,000 sockets, so it is asked only
 * when there may be many.
 */
final class SocketList {
  private static final List<Path> FILES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String IPV4_IN_IPV6 = "0000000000000000" + word(0, 0, 0xff, 0xff);
  private static final String TIME_WAIT = "06";

  private final Map<String, int[]> counts = new HashMap<>();
  private final Set<String> givenAgain = new HashSet<>();
  private final PortSettings settings;
  private boolean whole = true;

  SocketList(PortSettings settings) {
    this.settings = settings;
  }

  /** Has the sockets from an address to a member counted. */
  void want(InetAddress source, InetSocketAddress to) {
    int[] count = new int[1];
    boolean local = source.isLoopbackAddress() || to.getAddress().isLoopbackAddress();
    for (String key : keys(source, to)) {
      counts.put(key, count);
      if (settings.givesAgain(local)) {
        givenAgain.add(key);
      }
    }
  }

  /** How many there are, of those that were wanted; none when the list could not be read. */
  int count(InetAddress source, InetSocketAddress to) {
    int[] count = counts.get(keys(source, to).getFirst());
    return count == null || !whole ? 0 : count[0];
  }

  /** Counts what the kernel lists now; a machine without IPv6 has one list. Blocks. */
  void read() {
    FILES.stream().filter(Files::exists).forEach(this::read);
  }

  private void read(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        line(line);
      }
    } catch (IOException brokenOff) {
      whole = false;
    }
  }

  /** Counts a line: {@code 0: 0100007F:1F90 0200007F:0019 06 ...}. */
  void line(String line) {
    int local = line.indexOf(": ") + 2;
    int port = line.indexOf(':', local);
    int remote = line.indexOf(' ', port) + 1;
    int state = line.indexOf(' ', remote) + 1;
    if (local < 2 || port < 0 || remote <= 0 || state <= 0 || state + 2 > line.length()) {
      return;
    }
    String key = line.substring(local, port) + line.substring(remote, state - 1);
    int[] count = counts.get(key);
    if (count != null && !(line.startsWith(TIME_WAIT, state) && givenAgain.contains(key))) {
      count[0]++;
    }
  }

  /** How the list names a pair; IPv4 may stand in either form. */
  private static List<String> keys(InetAddress source, InetSocketAddress to) {
    String from = hex(source);
    String at = hex(to.getAddress()) + ":" + "%04X".formatted(to.getPort());
    return source instanceof Inet6Address
        ? List.of(from + at)
        : List.of(from + at, IPV4_IN_IPV6 + from + IPV4_IN_IPV6 + at);
  }

  /** As the kernel prints it: words in the order of the machine. */
  private static String hex(InetAddress address) {
    byte[] octets = address.getAddress();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < octets.length; i += 4) {
      text.append(word(octets[i], octets[i + 1], octets[i + 2], octets[i + 3]));
    }
    return text.toString();
  }

  private static String word(int a, int b, int c, int d) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return little
        ? "%02X%02X%02X%02X".formatted((byte) d, (byte) c, (byte) b, (byte) a)
        : "%02X%02X%02X%02X".formatted((byte) a, (byte) b, (byte) c, (byte) d);
  }
}
