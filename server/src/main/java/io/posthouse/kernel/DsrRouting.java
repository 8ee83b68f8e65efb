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
  private static final List<String> READ = List.of("-f", "-");

  /** Of all listings the one that reads no link that is remembered: those may be very many. */
  private static final List<String> CHAINS = List.of("-t", "list", "chains");

  private final DsrRules rules;
  private final DsrAddresses addresses;
  private final EventSink events;
  private DsrPlan installed = DsrPlan.NONE;
  private boolean failing;

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
  public DsrPlan installed() {
    return installed;
  }

  /** Asks the kernel whether it would take a plan; changes nothing. */
  public void check(DsrPlan plan) throws KernelException {
    Tool.NFT.feed(List.of("-c", "-f", "-"), text(plan));
  }

  /** Has the kernel do it, without a gap for what it does already. */
  public void install(DsrPlan plan) throws KernelException {
    boolean first = installed.isEmpty();
    Tool.NFT.feed(READ, text(plan));
    installed = plan;
    announce(addresses.keep(plan.vips()));
    if (first) {
      events.emit(Event.of(EventKind.DSR_READY, "table", rules.table()));
    }
    failing = false;
  }

  /** Has members of a service get other shares. */
  public void change(DsrService service, DsrShares shares) throws KernelException {
    Tool.NFT.feed(READ, rules.change(service, shares));
    installed = installed.with(service, shares);
  }

  /** Looks whether somebody has removed rules or addresses, and makes them again. */
  public void look() throws KernelException {
    if (installed.isEmpty()) {
      return;
    }
    boolean whole = rules.isWhole(Tool.NFT.run(CHAINS), installed);
    if (!whole) {
      Tool.NFT.feed(READ, rules.install(installed, installed));
    }
    Set<Vip> added = addresses.keep(installed.vips());
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
    failing = false;
  }

  /** What has passed so far. */
  public DsrCounts counts() throws KernelException {
    if (installed.isEmpty()) {
      return DsrCounts.NONE;
    }
    StringBuilder listing = new StringBuilder();
    for (String set : List.of("ip_counts", "ip6_counts")) {
      listing.append(Tool.NFT.run(List.of("list", "set", "netdev", rules.table(), set)));
    }
    return DsrCounts.of(listing.toString());
  }

  /** Removes addresses and rules. */
  public void remove() {
    try {
      addresses.keep(Set.of());
      Tool.NFT.feed(READ, rules.remove());
      installed = DsrPlan.NONE;
      events.emit(Event.of(EventKind.DSR_REMOVED, "table", rules.table()));
    } catch (KernelException e) {
      failed(e);
    }
  }

  /** Removes what a Posthouse with this state directory has left when it was killed. */
  public void removeLeftovers() {
    try {
      if (Tool.NFT.found().isPresent() && (addresses.any() || rules.isAny(Tool.NFT.run(CHAINS)))) {
        remove();
      }
    } catch (KernelException e) {
      failed(e);
    }
  }

  /** Says that the kernel cannot be told, once until it can. */
  public void failed(KernelException why) {
    if (!failing) {
      failing = true;
      events.emit(Event.of(EventKind.DSR_FAILED, "reason", String.valueOf(why.getMessage())));
    }
  }

  /** The first text makes all anew: what a killed Posthouse has left is of another numbering. */
  private String text(DsrPlan plan) {
    String text = rules.install(plan, installed);
    return installed.isEmpty() ? rules.remove() + text : text;
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
