package io.posthouse.edge;

import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.DnsLists;
import io.posthouse.model.EdgeChecks.EarlyTalkers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The edge checks of a virtual server, ready for use. From any thread. */
public final class EdgePolicy {
  private final EdgeChecks settings;
  private final Set<String> exempt;
  private final List<WatchedList> lists;
  private final EdgeState state;
  private final List<Tally> lookups;
  private final RecentClients recent = new RecentClients();

  /** A list with its rule and its behaviour. */
  record WatchedList(String name, ListRule rule, ListState state) {}

  /**
   * The checks as a checked configuration has them.
   *
   * @param state what they count in
   */
  public EdgePolicy(EdgeChecks settings, EdgeState state) {
    this.settings = settings;
    this.exempt = Set.copyOf(settings.exempt());
    this.state = state;
    DnsLists of = settings.dnsLists();
    this.lists =
        of == null
            ? List.of()
            : of.lists().values().stream()
                .map(each ->
                    new WatchedList(each.name(), new ListRule(each), state.list(each.name())))
                .toList();
    this.lookups = tallies();
  }

  private List<Tally> tallies() {
    List<Tally> all = new ArrayList<>();
    lists.forEach(each -> all.add(each.state().tally()));
    if (settings.dnsLists() != null) {
      all.add(state.of(Check.DNS_LISTS));
    }
    if (settings.reverseDns() != null) {
      all.add(state.of(Check.REVERSE_DNS));
    }
    return List.copyOf(all);
  }

  /** The settings. */
  public EdgeChecks settings() {
    return settings;
  }

  /** What is counted. */
  public EdgeState state() {
    return state;
  }

  /** What is remembered of a client. */
  public RecentClient recent(InetAddress address) {
    return recent.of(address);
  }

  /** Where it is counted that DNS is asked about a client. */
  List<Tally> lookups() {
    return lookups;
  }

  List<WatchedList> lists() {
    return lists;
  }

  /** Whether a name in lower case is a list's: who looks it up asks the list, with our key. */
  boolean isOfList(String name) {
    for (WatchedList each : lists) {
      if (each.rule().owns(name)) {
        return true;
      }
    }
    return false;
  }

  /** The names of the lists that are asked. */
  public List<String> listNames() {
    return lists.stream().map(WatchedList::name).toList();
  }

  /** The checks that are on. */
  public List<Check> checks() {
    List<Check> on = new ArrayList<>();
    if (settings.earlyTalkers() != null) {
      on.add(Check.EARLY_TALKERS);
    }
    if (settings.dnsLists() != null) {
      on.add(Check.DNS_LISTS);
    }
    if (settings.reverseDns() != null) {
      on.add(Check.REVERSE_DNS);
    }
    if (settings.hello() != null) {
      on.add(Check.HELLO);
    }
    if (settings.limits() != null) {
      on.add(Check.LIMITS);
    }
    return on;
  }

  /** Whether no check is for a class. */
  public boolean exempts(String className) {
    return exempt.contains(className);
  }

  /** Whether DNS is asked about anything. */
  public boolean asksDns() {
    return settings.dnsLists() != null || settings.reverseDns() != null || settings.hello() != null;
  }

  /** A client talked before its greeting. */
  public Finding talkedEarly(EarlyTalkers check) {
    state.of(Check.EARLY_TALKERS).met();
    return Finding.of(Check.EARLY_TALKERS, check.action(), "talked before the greeting");
  }
}
