package io.posthouse.ruleset;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the counters of mode dsr stand at, as {@code nft list set} has them. */
public record DsrCounts(Map<String, Count> byKey) {
  /** None. */
  public static final DsrCounts NONE = new DsrCounts(Map.of());

  private static final Pattern COUNTER =
      Pattern.compile(
          "([0-9a-fA-F.:]+) \\. (\\d{1,5}) \\. (0x[0-9a-f]{8}) counter packets (\\d{1,19}) bytes (\\d{1,19})");

  /** Packets, and their octets. */
  public record Count(long packets, long octets) {
    private static final Count ZERO = new Count(0, 0);
  }

  /** Copies the map. */
  public DsrCounts {
    byKey = Map.copyOf(byKey);
  }

  /** Reads a listing of both sets. */
  public static DsrCounts of(String listing) {
    Map<String, Count> counts = new HashMap<>();
    Matcher found = COUNTER.matcher(listing);
    while (found.find()) {
      try {
        counts.put(
            DsrCount.element(
                InetAddress.ofLiteral(found.group(1)),
                Integer.parseInt(found.group(2)),
                Integer.decode(found.group(3))),
            new Count(Long.parseLong(found.group(4)), Long.parseLong(found.group(5))));
      } catch (IllegalArgumentException notAnAddressOrNumber) {
        // Not of ours.
      }
    }
    return new DsrCounts(counts);
  }

  /** SYNs of new links that went to a member. */
  public long begun(DsrService service, int mark) {
    return at(DsrCount.BEGUN.key(service, mark)).packets();
  }

  /** Links whose client has answered the member's answer. */
  public long made(DsrService service, int mark) {
    return at(DsrCount.MADE.key(service, mark)).packets();
  }

  /** All that went to a member. */
  public Count all(DsrService service, int mark) {
    return at(DsrCount.all(service, mark));
  }

  /** New links that were reset or held back, those of no class included. */
  public long refused(DsrService service) {
    return at(DsrCount.REFUSED.key(service)).packets()
        + at(DsrCount.LIMITED.key(service)).packets()
        + denied(service);
  }

  /** Packets of clients that are of no class. */
  public long denied(DsrService service) {
    return at(DsrCount.DENIED.key(service)).packets();
  }

  private Count at(String key) {
    return byKey.getOrDefault(key, Count.ZERO);
  }
}
