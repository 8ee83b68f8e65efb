package io.posthouse.policy;

import io.posthouse.persist.ClientKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and prefixes of both families.
 *
 * <p>Prefixes lie within each other or apart, so the widest of them are disjoint ranges, and an
 * address is found among their sorted beginnings. IPv4 is kept in ints whose highest bit is
 * flipped, so that they compare as addresses do.
 */
public final class AddressSet {
  private final List<Entry> entries;
  private final int[] from4;
  private final int[] to4;
  private final Range[] ranges6;

  /** Addresses of IPv6, from the first to the last. */
  private record Range(ClientKey first, ClientKey last) {
    static final Comparator<Range> BY_FIRST = (a, b) -> compare(a.first, b.first);
  }

  private AddressSet(List<Entry> entries, long[] ranges4, List<Range> ranges6) {
    this.entries = entries;
    this.ranges6 = widest(ranges6);
    Arrays.sort(ranges4);
    int count = 0;
    int[] from = new int[ranges4.length];
    int[] to = new int[ranges4.length];
    for (long range : ranges4) {
      int first = (int) (range >> 32);
      int last = (int) range;
      if (count > 0 && first <= to[count - 1]) {
        to[count - 1] = Math.max(to[count - 1], last);
      } else {
        from[count] = first;
        to[count++] = last;
      }
    }
    this.from4 = Arrays.copyOf(from, count);
    this.to4 = Arrays.copyOf(to, count);
  }

  /**
   * A set of entries, each of which {@link EntrySyntax} finds good.
   *
   * @param entries never changed from now on; the list is kept, not copied
   */
  public static AddressSet of(List<Entry> entries) {
    long[] ranges4 = new long[entries.size()];
    int count = 0;
    List<Range> ranges6 = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Prefix prefix = Prefix.parse(ListText.text(entries, i)).orElseThrow();
      ClientKey first = prefix.first();
      ClientKey last = prefix.last();
      if (first.ipv6()) {
        ranges6.add(new Range(first, last));
      } else {
        ranges4[count++] = ((long) flipped(first) << 32) | (flipped(last) & 0xFFFF_FFFFL);
      }
    }
    return new AddressSet(entries, Arrays.copyOf(ranges4, count), ranges6);
  }

  private static Range[] widest(List<Range> ranges) {
    ranges.sort(Range.BY_FIRST);
    List<Range> widest = new ArrayList<>();
    for (Range range : ranges) {
      if (widest.isEmpty() || compare(range.first, widest.getLast().last) > 0) {
        widest.add(range);
      } else if (compare(range.last, widest.getLast().last) > 0) {
        widest.set(widest.size() - 1, range); // The same beginning, and wider.
      }
    }
    return widest.toArray(Range[]::new);
  }

  /** Whether an address lies in it. */
  public boolean contains(InetAddress address) {
    return contains(Prefix.whole(address));
  }

  /** The same for an address with all of its bits. */
  boolean contains(ClientKey address) {
    if (address.ipv6()) {
      int at = Arrays.binarySearch(ranges6, new Range(address, address), Range.BY_FIRST);
      int before = at >= 0 ? at : -at - 2;
      return before >= 0 && compare(address, ranges6[before].last) <= 0;
    }
    int wanted = flipped(address);
    int at = Arrays.binarySearch(from4, wanted);
    int before = at >= 0 ? at : -at - 2;
    return before >= 0 && wanted <= to4[before];
  }

  /** The narrowest entry that an address lies in; null for none. Takes its time: for people. */
  public @Nullable Entry entry(InetAddress address) {
    if (!contains(address)) {
      return null;
    }
    int found = -1;
    int bits = -1;
    for (int i = 0; i < entries.size(); i++) {
      Prefix prefix = Prefix.parse(ListText.text(entries, i)).orElseThrow();
      if (prefix.bits() > bits && prefix.contains(address)) {
        bits = prefix.bits();
        found = i;
      }
    }
    return entries.get(found);
  }

  /**
   * An entry that holds so much of the Internet that it is as good as everybody: of IPv4 more than
   * 1/256, of IPv6 more than 1/65536 unless it is private (RFC 4193). Null for none. Takes its
   * time.
   */
  public @Nullable Entry wide() {
    for (int i = 0; i < entries.size(); i++) {
      if (Prefix.parse(ListText.text(entries, i)).orElseThrow().isWide()) {
        return entries.get(i);
      }
    }
    return null;
  }

  /** The addresses of a family as ranges that do not meet, {@code first-last}, in order. */
  public List<String> ranges(boolean ipv6) {
    List<String> ranges = new ArrayList<>();
    if (ipv6) {
      for (Range range : ranges6) {
        ranges.add(Prefix.print(range.first) + "-" + Prefix.print(range.last));
      }
    } else {
      for (int i = 0; i < from4.length; i++) {
        ranges.add(Prefix.print(unflipped(from4[i])) + "-" + Prefix.print(unflipped(to4[i])));
      }
    }
    return ranges;
  }

  /** The entries as they were written. */
  public List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  /** How many entries were written. */
  public int size() {
    return entries.size();
  }

  private static ClientKey unflipped(int flipped) {
    return new ClientKey(0, (flipped ^ Integer.MIN_VALUE) & 0xFFFF_FFFFL, false);
  }

  private static int flipped(ClientKey ipv4) {
    return (int) ipv4.low() ^ Integer.MIN_VALUE;
  }

  private static int compare(ClientKey a, ClientKey b) {
    int high = Long.compareUnsigned(a.high(), b.high());
    return high != 0 ? high : Long.compareUnsigned(a.low(), b.low());
  }
}
