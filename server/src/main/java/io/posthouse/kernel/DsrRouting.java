package io.posthouse.kernel;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.ruleset.DsrCounts;
import io.posthouse.ruleset.DsrPlan;
import io.posthouse.ruleset.DsrPlan.Vip;
import io.posthouse.ruleset.DsrRules;
import io.posthouse.ruleset.DsrService;
import io.posthouse.ruleset.DsrShares;
import java.net.Inet6Address;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Mode dsr in the kernel: one Posthouse's rules, and its VIPs.
 *
 * <p>Rules come before addresses and go after them, so that this machine's own TCP never answers
 * for a VIP. A stop removes all; what a Posthouse that was killed has left goes on without it, and
 * is replaced at the next start.
 */
public final class DsrRouting {
  /** Rules are lost by the habits of firewalls; addresses rarely. */
  private static final int LOOKS_AT_ADDRESSES = 5;

  private static final List<String> READ = List.of("-f", "-");

  /** Of all listings the one that reads no link that is remembered: those may be very many. */
  private static final List<String> CHAINS = List.of("-t", "list", "chains");

  private final DsrRules rules;
  private final DsrAddresses addresses;
  private final EventSink events;
  private DsrPlan installed = DsrPlan.NONE;
  private boolean closed;
  private int looks;

  /**
   * Rules that are not there yet, as far as is known.
   *
   * @param stateDirectory what tells this Posthouse from others on the machine, and where it
   *     remembers what it has put on devices
   */
  public DsrRouting(Path stateDirectory, EventSink events) {
    this.rules = DsrRules.of(stateDirectory.toString());
    this.addresses = new DsrAddresses(stateDirectory);
    this.events = events;
  }

  /** What the kernel does now, as far as we have told it. */
  public synchronized DsrPlan installed() {
    return installed;
  }

  /** Asks the kernel whether it would take a plan; changes nothing. */
  public void check(DsrPlan plan) throws KernelException {
    Tool.NFT.feed(List.of("-c", "-f", "-"), rules.renew(plan));
  }

  /**
   * Has the kernel do it, without a gap for what it does already; anew where what is there is not
   * what we know.
   */
  public synchronized void install(DsrPlan plan) throws KernelException {
    if (closed) {
      return;
    }
    boolean first = installed.isEmpty();
    if (first || !attempt(rules.install(plan, installed))) {
      Tool.NFT.feed(READ, rules.renew(plan));
    }
    installed = plan;
    announce(addresses.keep(plan.vips()));
    if (first) {
      events.emit(Event.of(EventKind.DSR_READY, "table", rules.table()));
    }
  }

  private static boolean attempt(String text) {
    try {
      Tool.NFT.feed(READ, text);
      return true;
    } catch (KernelException differs) {
      return false;
    }
  }

  /** Has members of a service get other shares. */
  public synchronized void change(DsrService service, DsrShares shares) throws KernelException {
    if (closed) {
      return;
    }
    Tool.NFT.feed(READ, rules.change(service, shares));
    installed = installed.with(service, shares);
  }

  /** Looks whether somebody has removed rules or addresses, and makes them again. */
  public synchronized void look() throws KernelException {
    if (installed.isEmpty() || closed) {
      return;
    }
    boolean whole = rules.isWhole(Tool.NFT.run(CHAINS), installed);
    if (!whole) {
      Tool.NFT.feed(READ, rules.install(installed, DsrPlan.NONE));
    }
    boolean addressesToo = !whole || looks++ % LOOKS_AT_ADDRESSES == 0;
    Set<Vip> added = addressesToo ? addresses.keep(installed.vips()) : Set.of();
    announce(added);
    if (!whole || !added.isEmpty()) {
      events.emit(
          Event.of(
              EventKind.DSR_LOST,
              "table",
              rules.table(),
              "rules",
              whole ? "there" : "were gone",
              "addresses",
              added.isEmpty() ? "there" : "were gone",
              "remedy",
              "have the firewall remove its own tables instead of flush ruleset, and network settings keep addresses that are not theirs"));
    }
  }

  /** What has passed so far. */
  public synchronized DsrCounts counts() throws KernelException {
    if (installed.isEmpty()) {
      return DsrCounts.NONE;
    }
    StringBuilder listing = new StringBuilder();
    for (String set : List.of("ip_counts", "ip6_counts")) {
      listing.append(Tool.NFT.run(List.of("-nn", "list", "set", "netdev", rules.table(), set)));
    }
    return DsrCounts.of(listing.toString());
  }

  /** Removes addresses and rules. */
  public synchronized void remove() throws KernelException {
    addresses.keep(Set.of());
    Tool.NFT.feed(READ, rules.remove());
    installed = DsrPlan.NONE;
    events.emit(Event.of(EventKind.DSR_REMOVED, "table", rules.table()));
  }

  /** Removes what there is, and from then on does nothing any more. */
  public synchronized void close() throws KernelException {
    closed = true;
    if (!installed.isEmpty() || addresses.any()) {
      remove();
    }
  }

  /** Removes what a Posthouse with this state directory has left when it was killed. */
  public synchronized void removeLeftovers() throws KernelException {
    if (addresses.any() || areRulesLeft()) {
      remove();
    }
  }

  /** Who has no right to look has left nothing. */
  private boolean areRulesLeft() {
    try {
      return Tool.NFT.found().isPresent() && rules.isAny(Tool.NFT.run(CHAINS));
    } catch (KernelException withoutRight) {
      return false;
    }
  }

  /** Tells neighbours that had the address elsewhere, where the machine has a program for it. */
  private static void announce(Set<Vip> added) throws KernelException {
    for (Vip each : added) {
      if (!(each.address() instanceof Inet6Address) && Tool.ARPING.found().isPresent()) {
        Tool.ARPING.attempt(
            List.of(
                "-q",
                "-U",
                "-c",
                "1",
                "-w",
                "1",
                "-I",
                each.device(),
                each.address().getHostAddress()));
      }
    }
  }
}
