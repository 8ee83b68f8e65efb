package io.posthouse.ruleset;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The rules by which members' answers to a client's own address reach us.
 *
 * <p>A member answers to the client, and the packet passes this machine as a router. A rule of
 * {@code nft} finds that a socket of ours has that address (IP_TRANSPARENT) and marks the packet;
 * marked packets are routed by a table of our own, in which every address is a local one.
 *
 * <p>Every Posthouse of a machine has a chain of its own in one table; the routing is the same for
 * all, and goes with the last chain.
 */
public final class TransparentRules {
  /** The table of {@code nft}, of the family inet. */
  public static final String TABLE = "posthouse_transparent";

  /** The bit of the packet mark that is ours; the others are left as they are. */
  public static final int MARK = 0x1000;

  /** The number of the routing table, and the priority of the rule that leads to it. */
  public static final int ROUTES = 2525;

  /** Who made a rule or a route, as the kernel remembers it. */
  public static final int PROTOCOL = 213;

  static final String MARK_AND_MASK = "0x%1$x/0x%1$x".formatted(MARK);
  private static final Pattern CHAIN = Pattern.compile("(?m)^\\s*chain (\\S+) \\{");

  private TransparentRules() {}

  /** The chain of the Posthouse with this state directory: the same after a restart. */
  public static String chain(String stateDirectory) {
    CRC32 sum = new CRC32();
    sum.update(stateDirectory.getBytes(StandardCharsets.UTF_8));
    return "instance_%08x".formatted(sum.getValue());
  }

  /** Makes a chain, or makes it anew without a gap, in one transaction. */
  public static String install(String chain) {
    return """
    add table inet %1$s
    add chain inet %1$s %2$s { type filter hook prerouting priority mangle; policy accept; }
    flush chain inet %1$s %2$s
    add rule inet %1$s %2$s meta l4proto tcp socket transparent 1 socket wildcard 0 \
    meta mark set meta mark | 0x%3$x counter
    """
        .formatted(TABLE, chain, MARK);
  }

  /** Removes a chain that is there. */
  public static String remove(String chain) {
    return "delete chain inet %s %s%n".formatted(TABLE, chain);
  }

  /** Removes the table with all that is in it. */
  public static String removeTable() {
    return "delete table inet %s%n".formatted(TABLE);
  }

  /** The chains in the listing of the table. */
  public static List<String> chains(String listing) {
    return CHAIN.matcher(listing).results().map(found -> found.group(1)).toList();
  }

  /** Whether a chain and its rule are in the listing of the table. */
  public static boolean isWhole(String listing, String chain) {
    return Pattern.compile("chain " + chain + " \\{[^}]*socket transparent 1[^}]*}")
        .matcher(listing)
        .find();
  }

  /** The words for {@code ip} that add or delete the rule. */
  public static List<String> rule(String verb) {
    return List.of(
        "rule",
        verb,
        "priority",
        String.valueOf(ROUTES),
        "fwmark",
        MARK_AND_MASK,
        "lookup",
        String.valueOf(ROUTES),
        "protocol",
        String.valueOf(PROTOCOL));
  }

  /** The words for {@code ip} that add or delete the route. */
  public static List<String> route(String verb) {
    return List.of(
        "route",
        verb,
        "local",
        "default",
        "dev",
        "lo",
        "table",
        String.valueOf(ROUTES),
        "proto",
        String.valueOf(PROTOCOL));
  }

  /** The words for {@code ip} that list all rules. */
  public static List<String> listRules() {
    return List.of("-N", "rule", "show");
  }

  /** The words for {@code ip} that list our routing table. */
  public static List<String> listRoutes() {
    return List.of("-N", "route", "show", "table", String.valueOf(ROUTES));
  }
}
