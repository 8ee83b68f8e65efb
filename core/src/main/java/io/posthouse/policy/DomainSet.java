package io.posthouse.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Domains: {@code contoso.com} is itself alone, {@code .contoso.com} is all below it. */
public final class DomainSet {
  private final Map<String, Entry> entries = new HashMap<>();

  private DomainSet() {}

  /** A set of entries. */
  public static DomainSet of(List<Entry> entries) {
    DomainSet set = new DomainSet();
    entries.forEach(entry -> set.entries.put(entry.text().toLowerCase(Locale.ROOT), entry));
    return set;
  }

  /** Whether a domain, in A-labels or U-labels, is in it. */
  public boolean contains(String domain) {
    return entry(domain) != null;
  }

  /** The entry that a domain meets; null for none. */
  public @Nullable Entry entry(String domain) {
    String folded = domain.toLowerCase(Locale.ROOT);
    Entry exact = entries.get(folded);
    for (int dot = folded.indexOf('.');
        exact == null && dot >= 0;
        dot = folded.indexOf('.', dot + 1)) {
      exact = entries.get(folded.substring(dot));
    }
    return exact;
  }

  /** How many entries were written. */
  public int size() {
    return entries.size();
  }
}
