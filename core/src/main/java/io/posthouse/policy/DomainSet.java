package io.posthouse.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Domains: {@code contoso.com} is itself alone, {@code .contoso.com} is all below it.
 *
 * <p>The folded names stand one after the other in one array, and an open hash table leads to them.
 * Their hash is taken from the end, so that one walk along a domain meets all of its suffixes.
 */
public final class DomainSet {
  private static final int NONE = -1;
  private static final int LONGEST = 253;

  private final List<Entry> entries;
  private final byte[] names;

  /** Where each name begins; the end of the last one stands behind it. */
  private final int[] starts;

  /** Numbers of entries, from 1; 0 is a free place. At most half are taken. */
  private final int[] table;

  private DomainSet(List<Entry> entries) {
    this.entries = entries;
    starts = new int[entries.size() + 1];
    table = new int[Math.max(2, Integer.highestOneBit(entries.size()) * 4)];
    byte[] all = new byte[entries.size() * 16 + LONGEST];
    int count = entries.size();
    for (int i = 0; i < count; i++) {
      byte[] name = bytes(ListText.text(entries, i));
      int start = starts[i];
      all = all.length - start < name.length ? Arrays.copyOf(all, all.length * 2) : all;
      System.arraycopy(name, 0, all, start, name.length);
      starts[i + 1] = start + name.length;
    }
    names = Arrays.copyOf(all, starts[count]);
    for (int i = 0; i < count; i++) {
      put(i);
    }
  }

  private static byte[] bytes(String text) {
    String folded = EntrySyntax.foldedDomain(text).orElseThrow();
    return folded.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A set of entries, each of which {@link EntrySyntax} finds good.
   *
   * @param entries never changed from now on; the list is kept, not copied
   */
  public static DomainSet of(List<Entry> entries) {
    return new DomainSet(entries);
  }

  /** Of equal entries the first stays. */
  private void put(int entry) {
    int hash = 0;
    for (int i = starts[entry + 1] - 1; i >= starts[entry]; i--) {
      hash = hash * 31 + names[i];
    }
    String name =
        new String(
            names, starts[entry], starts[entry + 1] - starts[entry], StandardCharsets.US_ASCII);
    if (find(hash, name, 0) == NONE) {
      int place = place(hash);
      while (table[place] != 0) {
        place = next(place);
      }
      table[place] = entry + 1;
    }
  }

  private int place(int hash) {
    return (((hash ^ (hash >>> 15)) * 0x9E3779B1) >>> 7) & (table.length - 1);
  }

  private int next(int place) {
    return (place + 1) & (table.length - 1);
  }

  /** Whether a domain, in A-labels or U-labels, is in it. */
  public boolean contains(String domain) {
    return find(domain) != NONE;
  }

  /** The narrowest entry that a domain meets; null for none. */
  public @Nullable Entry entry(String domain) {
    int found = find(domain);
    return found == NONE ? null : entries.get(found);
  }

  private int find(String domain) {
    if (DomainText.isAscii(domain)) {
      return findAscii(domain);
    }
    String folded = DomainText.folded(domain);
    return folded == null ? NONE : findAscii(folded);
  }

  /** Walks from the end; a later match is of more labels. What is no domain is never found. */
  private int findAscii(String domain) {
    if (domain.isEmpty() || domain.length() > LONGEST) {
      return NONE;
    }
    int found = NONE;
    int hash = 0;
    int before = '.';
    for (int i = domain.length() - 1; i >= 0; i--) {
      int each = folded(domain.charAt(i));
      if (each < 0 || (each == '.' && (before == '.' || i == 0))) {
        return NONE;
      }
      before = each;
      hash = hash * 31 + each;
      if (each == '.' || i == 0) {
        int match = find(hash, domain, i);
        found = match == NONE ? found : match;
      }
    }
    return found;
  }

  /** The entry that is the rest of a domain from an index on; {@link #NONE} when there is none. */
  private int find(int hash, String domain, int from) {
    for (int place = place(hash); table[place] != 0; place = next(place)) {
      int entry = table[place] - 1;
      if (isRest(entry, domain, from)) {
        return entry;
      }
    }
    return NONE;
  }

  private boolean isRest(int entry, String domain, int from) {
    int start = starts[entry];
    int length = domain.length() - from;
    if (starts[entry + 1] - start != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (names[start + i] != folded(domain.charAt(from + i))) {
        return false;
      }
    }
    return true;
  }

  /** Lower case of what may stand in a domain; -1 for everything else. */
  private static int folded(int each) {
    if (each >= 'A' && each <= 'Z') {
      return each + ('a' - 'A');
    }
    boolean good =
        (each >= 'a' && each <= 'z')
            || (each >= '0' && each <= '9')
            || each == '-'
            || each == '.'
            || each == '_';
    return good ? each : -1;
  }

  /** How many entries were written. */
  public int size() {
    return entries.size();
  }
}
