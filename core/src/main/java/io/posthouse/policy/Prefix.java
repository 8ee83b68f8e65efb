package io.posthouse.policy;

import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address and how many of its leading bits count: {@code 10.20.0.0/16}, {@code 2001:db8::/48},
 * or a whole address.
 */
public record Prefix(InetAddress address, int bits) {

  /** Reads the form of the file; empty when the text is neither. */
  public static Optional<Prefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return IpAddress.parse(text)
          .map(address -> new Prefix(address, address.getAddress().length * 8));
    }
    String bits = text.substring(slash + 1);
    if (!bits.matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    return IpAddress.parse(text.substring(0, slash))
        .map(address -> new Prefix(address, Integer.parseInt(bits)))
        .filter(prefix -> prefix.bits <= prefix.address.getAddress().length * 8);
  }

  /** Whether an address of the same family lies in it. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] its = other.getAddress();
    if (mine.length != its.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((mine[bit >> 3] & mask) != (its[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }
}
