package io.posthouse.kernel;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.ruleset.TransparentRoutes;
import io.posthouse.ruleset.TransparentRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules in the kernel for connections from clients' own addresses: one Posthouse's part of
 * them.
 *
 * <p>They are made in the order rule, route, chain and removed in the opposite one, so that our
 * rule is there whenever anything is: a look at the list of rules tells whether a Posthouse that
 * was killed left something. Whatever is in the kernel already stays and is used; nothing is ever
 * there twice.
 */
public final class TransparentRouting {
  /** Rules and routes are rarely lost; a flush of all of nft is a habit of firewalls. */
  private static final int LOOKS_AT_ROUTES = 10;

  private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

  private final String chain;
  private final EventSink events;
  private boolean installed;
  private boolean failing;
  private int looks;

  /**
   * Rules that are not there yet, as far as is known.
   *
   * @param stateDirectory what tells this Posthouse from others on the machine
   */
  public TransparentRouting(Path stateDirectory, EventSink events) {
    this.chain = TransparentRules.chain(stateDirectory.toString());
    this.events = events;
  }

  /** Whether the rules are in the kernel by this process. */
  public boolean installed() {
    return installed;
  }

  /** Has everything there; when that fails nothing is. */
  public void install() throws KernelException {
    if (!installed) {
      make();
      installed = true;
      events.emit(
          Event.of(EventKind.TRANSPARENT_READY, "table", TransparentRules.TABLE, "chain", chain));
    }
  }

  /** Looks whether somebody has removed the rules, and makes them again. */
  public void look() {
    if (!installed) {
      return;
    }
    try {
      boolean whole = hasChain() && (looks++ % LOOKS_AT_ROUTES != 0 || hasRoutes());
      if (!whole) {
        make();
        events.emit(
            Event.of(
                EventKind.TRANSPARENT_LOST,
                "table",
                TransparentRules.TABLE,
                "remedy",
                "have the firewall remove its own tables instead of flush ruleset"));
      }
      failing = false;
    } catch (KernelException e) {
      failed(e);
    }
  }

  /** Removes what a Posthouse with this state directory has left when it was killed. */
  public void removeLeftovers() {
    try {
      if (Tool.IP.found().isPresent() && leftovers()) {
        remove();
      }
    } catch (KernelException e) {
      failed(e);
    }
  }

  /** Removes what is ours, and the routing if no other Posthouse needs it. */
  public void remove() {
    try {
      unmake();
      installed = false;
      failing = false;
      events.emit(
          Event.of(EventKind.TRANSPARENT_REMOVED, "table", TransparentRules.TABLE, "chain", chain));
    } catch (KernelException e) {
      failed(e);
    }
  }

  private void failed(KernelException why) {
    if (!failing) {
      failing = true;
      events.emit(
          Event.of(EventKind.TRANSPARENT_FAILED, "reason", String.valueOf(why.getMessage())));
    }
  }

  private boolean leftovers() throws KernelException {
    for (String family : families()) {
      if (routes(family).rule()) {
        List<String> chains = chains();
        return chains.isEmpty() || chains.contains(chain);
      }
    }
    return false;
  }

  private void make() throws KernelException {
    listTable(); // Fails without nft, or without the right to use it, before anything has changed.
    for (String family : families()) {
      TransparentRoutes now = routes(family);
      if (now.foreign().isPresent()) {
        throw new KernelException(
            "clients' own addresses (snat: none) need the routing table %d and the bit 0x%x of packet marks, and another program has this: ip %s %s; have it use others"
                .formatted(
                    TransparentRules.ROUTES, TransparentRules.MARK, family, now.foreign().get()));
      }
    }
    try {
      for (String family : families()) {
        TransparentRoutes now = routes(family);
        if (!now.rule()) {
          ip(family, TransparentRules.rule("add"));
        }
        if (!now.route()) {
          ip(family, TransparentRules.route("add"));
        }
      }
      Tool.NFT.run(List.of(TransparentRules.install(chain)));
    } catch (KernelException e) {
      undo(e);
      throw e;
    }
  }

  private void undo(KernelException because) {
    try {
      unmake();
    } catch (KernelException e) {
      because.addSuppressed(e);
    }
  }

  private void unmake() throws KernelException {
    if (chains().contains(chain)) {
      Tool.NFT.run(List.of(TransparentRules.remove(chain)));
    }
    // Asked again: of two that stop at the same moment the last one sees that it is.
    Tool.Ended listing = listTable();
    if (listing.good()) {
      if (!TransparentRules.chains(listing.said()).isEmpty()) {
        return;
      }
      Tool.NFT.run(List.of(TransparentRules.removeTable()));
    }
    for (String family : families()) {
      TransparentRoutes now = routes(family);
      if (now.route()) {
        ip(family, TransparentRules.route("del"));
      }
      if (now.rule()) {
        ip(family, TransparentRules.rule("del"));
      }
    }
  }

  private boolean hasChain() throws KernelException {
    Tool.Ended listing = listTable();
    return listing.good() && TransparentRules.isWhole(listing.said(), chain);
  }

  private boolean hasRoutes() throws KernelException {
    for (String family : families()) {
      if (!routes(family).complete()) {
        return false;
      }
    }
    return true;
  }

  private List<String> chains() throws KernelException {
    Tool.Ended listing = listTable();
    return listing.good() ? TransparentRules.chains(listing.said()) : List.of();
  }

  /** Ends badly when there is no such table. */
  private static Tool.Ended listTable() throws KernelException {
    List<String> words = List.of("list", "table", "inet", TransparentRules.TABLE);
    Tool.Ended listing = Tool.NFT.attempt(words);
    if (!listing.good() && !listing.said().contains("No such file")) {
      throw Tool.NFT.failure(words, listing);
    }
    return listing;
  }

  private static TransparentRoutes routes(String family) throws KernelException {
    List<String> words = new ArrayList<>(List.of(family));
    words.addAll(TransparentRules.listRoutes());
    Tool.Ended routes = Tool.IP.attempt(words);
    if (!routes.good() && !routes.said().contains("does not exist")) {
      throw Tool.IP.failure(words, routes);
    }
    return TransparentRoutes.of(
        ip(family, TransparentRules.listRules()), routes.good() ? routes.said() : "");
  }

  private static String ip(String family, List<String> words) throws KernelException {
    List<String> all = new ArrayList<>(List.of(family));
    all.addAll(words);
    return Tool.IP.run(all);
  }

  /** IPv6 where the loopback interface has it: the route ends there. */
  private static List<String> families() {
    try {
      boolean ipv6 =
          Files.readAllLines(IPV6_ADDRESSES).stream().anyMatch(line -> line.endsWith(" lo"));
      return ipv6 ? List.of("-4", "-6") : List.of("-4");
    } catch (IOException without) {
      return List.of("-4");
    }
  }
}
