package io.posthouse.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that links come from, in turn.
 *
 * <p>Many, because each address has some 28,000 ports, and the one of a closed link rests in
 * TIME_WAIT for a minute. On Linux all of 127.0.0.0/8 may be bound without any setting. Safe for
 * any thread.
 */
public final class SourceAddresses {

  /** Whatever the kernel chooses. */
  public static final SourceAddresses ANY = new SourceAddresses(List.of());

  private static final int MOST = 4096;

  private final List<InetSocketAddress> addresses;
  private final AtomicInteger next = new AtomicInteger();

  private SourceAddresses(List<InetSocketAddress> addresses) {
    this.addresses = addresses;
  }

  /**
   * Reads {@code 127.0.1.0/24} (the addresses between its first and its last one, at most 4,096) or
   * addresses with commas between them.
   */
  public static SourceAddresses parse(String text) {
    int slash = text.indexOf('/');
    List<InetSocketAddress> list = new ArrayList<>();
    if (slash < 0) {
      for (String one : text.split(",", -1)) {
        list.add(new InetSocketAddress(address(one.strip()), 0));
      }
      return new SourceAddresses(List.copyOf(list));
    }
    byte[] base = address(text.substring(0, slash)).getAddress();
    int bits = prefixLength(text.substring(slash + 1));
    if (base.length != 4 || bits < 8 || bits > 30) {
      throw new IllegalArgumentException(
          text + ": a prefix is an IPv4 one of 8 to 30 bits; for IPv6 list the addresses");
    }
    int network = ByteBuffer.wrap(base).getInt() & (-1 << (32 - bits));
    int last = Math.min(MOST, (1 << (32 - bits)) - 2);
    for (int i = 1; i <= last; i++) {
      int value = network + i;
      byte[] bytes = ByteBuffer.allocate(4).putInt(value).array();
      try {
        list.add(new InetSocketAddress(InetAddress.getByAddress(bytes), 0));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are an address", e);
      }
    }
    return new SourceAddresses(List.copyOf(list));
  }

  private static int prefixLength(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a prefix length: " + text, e);
    }
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an address: " + text, e);
    }
  }

  /** How many addresses there are; 0 for the kernel's choice. */
  public int size() {
    return addresses.size();
  }

  /** The next address to bind, or null to leave it to the kernel. */
  @Nullable InetSocketAddress next() {
    return addresses.isEmpty()
        ? null
        : addresses.get(Math.floorMod(next.getAndIncrement(), addresses.size()));
  }
}
