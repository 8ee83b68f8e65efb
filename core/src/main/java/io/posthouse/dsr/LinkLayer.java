package io.posthouse.dsr;

import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What programs tell of MAC addresses. */
public final class LinkLayer {
  private static final String MAC = "([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})";

  /** Whoever is on the network may answer with as many as he likes. */
  private static final int MOST = 64;

  private static final Pattern NEIGHBOUR =
      Pattern.compile("(?m)^([0-9a-f.:]+) (?:dev \\S+ )?lladdr " + MAC + "\\b");
  private static final Pattern ARPING = Pattern.compile("reply from \\S+ \\[" + MAC + "]");
  private static final Pattern NDISC6 = Pattern.compile("link-layer address: " + MAC);

  private LinkLayer() {}

  /** The neighbours in what {@code ip neigh show} says. */
  public static Map<InetAddress, String> neighbours(String said) {
    Map<InetAddress, String> found = new LinkedHashMap<>();
    Matcher line = NEIGHBOUR.matcher(said);
    while (line.find()) {
      String mac = lower(line.group(2));
      IpAddress.parse(line.group(1)).ifPresent(address -> found.put(address, mac));
    }
    return found;
  }

  /** Who answers, by what {@code arping} or {@code ndisc6} says. */
  public static Set<String> claims(String said) {
    Set<String> macs = new TreeSet<>();
    for (Pattern each : new Pattern[] {ARPING, NDISC6}) {
      each.matcher(said)
          .results()
          .map(found -> lower(found.group(1)))
          .distinct()
          .limit(MOST)
          .forEach(macs::add);
    }
    return macs;
  }

  private static String lower(String mac) {
    return mac.toLowerCase(Locale.ROOT);
  }
}
