package io.posthouse.irule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells for each command what says the same in Posthouse, or that nothing does. */
final class CounterpartLook implements Look {
  private static final String CLASSES = "docs/features/classes.md";
  private static final String RULES = "docs/features/rules.md";
  private static final String EDGE = "docs/features/edge-checks.md";
  private static final String SOURCES = "docs/features/source-addresses.md";
  private static final String TLS = "docs/features/tls.md";
  private static final String SMTP = "docs/features/mode-smtp.md";

  private static final Says LISTS =
      new Says(
          "data-groups, and from of a client class; a list that is missing is an error of check",
          CLASSES);
  private static final Says REFUSE =
      new Says(
          "a client of no class is refused; one group of clients more: rules with at: connect and then: close",
          CLASSES);
  private static final Says LOOKUPS =
      new Says(
          "edge-checks: dns-lists (DNSBL, RBL) and reverse-dns; mail goes on when DNS does not answer",
          EDGE);
  private static final Says READS =
      new Says(
          "mode smtp reads SMTP itself; rules at hello, mail, recipient and data ask what it says, relay of a class guards recipients",
          RULES);
  private static final Says OWN_TLS =
      new Says("tls of the virtual server (starttls, implicit) and of the pool", TLS);

  private static final Map<String, Says> KNOWN =
      Map.ofEntries(
          Map.entry(
              "snat",
              new Says(
                  "snat of a client class: automap, an address, a SNAT pool or none", SOURCES)),
          Map.entry(
              "snatpool",
              new Says("snat-pools, and snat of a client class with the pool's name", SOURCES)),
          Map.entry(
              "pool",
              new Says(
                  "pool of a client class; by what the client says: rules with then: { pool: NAME }",
                  CLASSES)),
          Map.entry("class", LISTS),
          Map.entry("matchclass", LISTS),
          Map.entry("findclass", LISTS),
          Map.entry("reject", REFUSE),
          Map.entry("drop", REFUSE),
          Map.entry("discard", REFUSE),
          Map.entry("TCP::close", REFUSE),
          Map.entry("RESOLV::lookup", LOOKUPS),
          Map.entry("NAME::lookup", LOOKUPS),
          Map.entry("RESOLVER::name_lookup", LOOKUPS),
          Map.entry("TCP::collect", READS),
          Map.entry("TCP::payload", READS),
          Map.entry(
              "TCP::respond", new Says("rules with then: { refuse: \"550 5.7.1 TEXT\" }", RULES)),
          Map.entry("SSL::enable", OWN_TLS),
          Map.entry("SSL::disable", OWN_TLS),
          Map.entry("SMTPS::enable", OWN_TLS),
          Map.entry("SMTPS::disable", OWN_TLS),
          Map.entry(
              "persist",
              new Says(
                  "persistence of a virtual server or class; leave it out unless a partner needs it",
                  "docs/features/persistence.md")),
          Map.entry(
              "node",
              new Says(
                  "a pool with that member and a monitor, and pool of a client class", CLASSES)),
          Map.entry(
              "log",
              new Says(
                  "the log has a line for each message and link anyway; posthouse trace follows one client; rules with then: log",
                  "docs/features/trace.md")),
          Map.entry("table", new Says("limits of a client class, and limits of edge-checks", EDGE)),
          Map.entry(
              "TCP::idletime",
              new Says("smtp.command-timeout, smtp.data-timeout; in mode tcp idle-timeout", SMTP)),
          Map.entry(
              "PROXY::enable",
              new Says(
                  "announce of the pool: proxy-v1, proxy-v2", "docs/features/proxy-protocol.md")));

  /** Commands of the balancer that Posthouse has nothing for. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "clone",
          "virtual",
          "nexthop",
          "lasthop",
          "forward",
          "rateclass",
          "whereis",
          "connect",
          "HSL::open",
          "HSL::send",
          "STREAM::expression",
          "STREAM::enable",
          "IP::tos",
          "IP::ttl",
          "LB::reselect",
          "LB::mode",
          "LB::down",
          "LB::detach",
          "translate",
          "cpu",
          "CRYPTO::sign",
          "ISTATS::incr",
          "ISTATS::set",
          "BWC::policy",
          "TCP::option",
          "ILX::call",
          "ILX::notify",
          "traffic_group");

  private final Findings findings;
  private final Set<String> seen = new HashSet<>();
  private final List<Counterpart> counterparts = new ArrayList<>();

  private record Says(String text, String page) {}

  CounterpartLook(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void command(TclCommand command) {
    String name = command.name();
    Says says = KNOWN.get(name);
    if (says != null && seen.add(name)) {
      counterparts.add(
          new Counterpart(name, findings.place(command.at()), says.text(), says.page()));
    } else if (UNKNOWN.contains(name) && !asksForName(command) && seen.add(name)) {
      counterparts.add(
          new Counterpart(
              name, findings.place(command.at()), "Posthouse has nothing that does this", ""));
      findings.add(
          LintKind.NOT_IN_POSTHOUSE,
          command.at(),
          name + " has no counterpart in Posthouse",
          "Do without it, or keep this on the device in front.");
    }
  }

  /** {@code [virtual]} and {@code [virtual name]} say where the client is, and do nothing. */
  static boolean asksForName(TclCommand command) {
    return command.is("virtual")
        && (command.words().size() == 1 || "name".equals(command.argument(1)));
  }

  /** All pages that are named. */
  static Set<String> pages() {
    return KNOWN.values().stream().map(Says::page).collect(Collectors.toSet());
  }

  List<Counterpart> counterparts() {
    return counterparts;
  }
}
