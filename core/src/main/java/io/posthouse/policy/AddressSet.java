package io.posthouse.policy;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses and prefixes of both families. */
public final class AddressSet {
  private final List<Entry> entries;
  private final List<Prefix> prefixes;

  private AddressSet(List<Entry> entries, List<Prefix> prefixes) {
    this.entries = entries;
    this.prefixes = prefixes;
  }

  /** A set of entries, each of which {@link Prefix#parse} reads. */
  public static AddressSet of(List<Entry> entries) {
    return new AddressSet(
        List.copyOf(entries),
        entries.stream().map(entry -> Prefix.parse(entry.text()).orElseThrow()).toList());
  }

  /** Whether an address lies in it. */
  public boolean contains(InetAddress address) {
    return entry(address) != null;
  }

  /** The narrowest entry that an address lies in; null for none. Takes its time: for people. */
  public @Nullable Entry entry(InetAddress address) {
    Entry found = null;
    int bits = -1;
    for (int i = 0; i < prefixes.size(); i++) {
      if (prefixes.get(i).bits() > bits && prefixes.get(i).contains(address)) {
        bits = prefixes.get(i).bits();
        found = entries.get(i);
      }
    }
    return found;
  }

  /** How many entries were written. */
  public int size() {
    return entries.size();
  }
}
