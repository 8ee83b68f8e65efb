package io.posthouse.ruleset;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the counters of mode dsr stand at, by their names, as {@code nft list counters} has it. Of
 * each direction only what clients send is counted: answers do not pass here.
 */
public record DsrCounts(Map<String, Count> byName) {
  /** None. */
  public static final DsrCounts NONE = new DsrCounts(Map.of());

  private static final Pattern COUNTER =
      Pattern.compile("counter (\\S+) \\{\\s+packets (\\d{1,19}) bytes (\\d{1,19})\\s+}");

  /** Packets, and their octets. */
  public record Count(long packets, long octets) {
    private static final Count ZERO = new Count(0, 0);
  }

  /** Copies the map. */
  public DsrCounts {
    byName = Map.copyOf(byName);
  }

  /** Reads a listing. */
  public static DsrCounts of(String listing) {
    Map<String, Count> counts = new HashMap<>();
    Matcher found = COUNTER.matcher(listing);
    while (found.find()) {
      counts.put(
          found.group(1),
          new Count(Long.parseLong(found.group(2)), Long.parseLong(found.group(3))));
    }
    return new DsrCounts(counts);
  }

  /** What a service counts. */
  public Count of(DsrService service, String what) {
    return byName.getOrDefault(service.prefix() + "_" + what, Count.ZERO);
  }

  /** SYNs of new links that went to a member. */
  public long begun(DsrService service, int mark) {
    return member(service, mark, "begun").packets();
  }

  /** Links whose client has answered the member's answer. */
  public long made(DsrService service, int mark) {
    return member(service, mark, "made").packets();
  }

  /** All that went to a member. */
  public Count all(DsrService service, int mark) {
    return member(service, mark, "all");
  }

  private Count member(DsrService service, int mark, String what) {
    return byName.getOrDefault(service.prefix() + "_m" + mark + "_" + what, Count.ZERO);
  }
}
