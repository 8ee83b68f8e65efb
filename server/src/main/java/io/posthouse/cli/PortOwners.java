package io.posthouse.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whose sockets listen on an address and port, by the text of proc(5) net/tcp and net/tcp6.
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *    0: 0100007F:1F59 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 21434
 * </pre>
 *
 * <p>An address is words of 32 bits, each in the order of the machine. What listens on all
 * addresses counts for each; a socket of IPv6 that does so, or on a mapped address, for IPv4 too.
 */
final class PortOwners {
  private static final String LISTENING = "0A";

  private final InetAddress address;
  private final int port;
  private final ByteOrder order;
  private final Set<Integer> owners = new HashSet<>();

  /**
   * Nothing found yet.
   *
   * @param order the machine's
   */
  PortOwners(InetAddress address, int port, ByteOrder order) {
    this.address = address;
    this.port = port;
    this.order = order;
  }

  /** Takes in the lines of one of the files; lines that are something else are passed over. */
  void read(Stream<String> lines) {
    lines.forEach(this::line);
  }

  /** The numbers of the users; none when nobody listens there. */
  Set<Integer> found() {
    return Set.copyOf(owners);
  }

  private void line(String line) {
    String[] fields = line.strip().split("\\s+", 9);
    if (fields.length < 9 || !fields[3].equals(LISTENING)) {
      return;
    }
    String[] local = fields[1].split(":", -1);
    try {
      if (local.length == 2
          && Integer.parseInt(local[1], 16) == port
          && covers(parse(local[0]), local[0].length())) {
        // Numbers of users have 32 bits, as Files knows them.
        owners.add(Integer.parseUnsignedInt(fields[7]));
      }
    } catch (IllegalArgumentException | UnknownHostException otherText) {
      // The head line, or a kernel that writes something else: it tells nothing.
    }
  }

  private boolean covers(InetAddress listening, int digits) {
    boolean ofEither = digits == 32 || address.getAddress().length == 4;
    return listening.equals(address) || (listening.isAnyLocalAddress() && ofEither);
  }

  /** A mapped address becomes one of IPv4. */
  private InetAddress parse(String hex) throws UnknownHostException {
    byte[] octets = HexFormat.of().parseHex(hex);
    ByteBuffer words = ByteBuffer.wrap(octets);
    for (int at = 0; at + 4 <= octets.length; at += 4) {
      int word = words.order(order).getInt(at);
      words.order(ByteOrder.BIG_ENDIAN).putInt(at, word);
    }
    return InetAddress.getByAddress(octets);
  }

  /** The first that is neither of these two; the token must not get to it. */
  Optional<Integer> stranger(int owner) {
    return owners.stream().filter(each -> each != owner && each != 0).findFirst();
  }
}
