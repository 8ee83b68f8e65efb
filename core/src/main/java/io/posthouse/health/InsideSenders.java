package io.posthouse.health;

import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.DataGroups;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The domains whose senders are inside: those of a data group, or exact names, compared without
 * regard to case. Immutable; from any thread.
 */
public final class InsideSenders {
  private final Predicate<String> domains;

  private InsideSenders(Predicate<String> domains) {
    this.domains = domains;
  }

  /** These domains. */
  public InsideSenders(Set<String> domains) {
    Set<String> folded = new LinkedHashSet<>();
    domains.forEach(domain -> folded.add(domain.toLowerCase(Locale.ROOT)));
    Set<String> known = Set.copyOf(folded);
    this.domains = domain -> known.contains(domain.toLowerCase(Locale.ROOT));
  }

  /** The domains of the pool's {@code inside-senders}; without that, those of its monitors. */
  public static InsideSenders of(Pool pool, Map<String, Monitor> monitors, DataGroups groups) {
    String group = pool.insideSenders();
    return group == null ? of(pool, monitors) : new InsideSenders(groups.domains(group)::contains);
  }

  /** The domains of the inside senders that a pool's monitors name, its members' own included. */
  public static InsideSenders of(Pool pool, Map<String, Monitor> monitors) {
    Set<String> names = new LinkedHashSet<>(pool.monitors());
    pool.members().values().stream()
        .map(member -> Objects.requireNonNullElse(member.monitors(), List.<String>of()))
        .forEach(names::addAll);
    Set<String> domains = new LinkedHashSet<>();
    for (String name : names) {
      Monitor monitor = monitors.get(name);
      Monitor.Senders senders = monitor == null ? null : monitor.senders();
      if (senders != null) {
        domains.add(domain(senders.inside()));
      }
    }
    return new InsideSenders(domains);
  }

  /** Whether senders of this domain are inside; never for the empty domain. */
  public boolean isInside(String domain) {
    return !domain.isEmpty() && domains.test(domain);
  }

  /**
   * The scope of a sender.
   *
   * @param mailbox the reverse path without angle brackets; empty for the null sender, which is
   *     outside
   */
  public SenderScope scope(String mailbox) {
    return isInside(domain(mailbox)) ? SenderScope.INSIDE : SenderScope.OUTSIDE;
  }

  private static String domain(String mailbox) {
    int at = mailbox.lastIndexOf('@');
    return at < 0 ? "" : mailbox.substring(at + 1);
  }
}
