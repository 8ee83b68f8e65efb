package io.posthouse.ruleset;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one family has of the routing for clients' own addresses, as {@code ip -N} lists it.
 *
 * @param rule whether our rule is there
 * @param route whether our route is there
 * @param foreign somebody else's line that uses what we need; empty when there is none
 */
public record TransparentRoutes(boolean rule, boolean route, Optional<String> foreign) {
  private static final Pattern FWMARK =
      Pattern.compile(" fwmark (0x[0-9a-f]{1,8})(?:/(0x[0-9a-f]{1,8}))?");

  /** Reads the lists of all rules and of our routing table. */
  public static TransparentRoutes of(String rules, String routes) {
    List<String> ruleLines = lines(rules);
    List<String> routeLines = lines(routes);
    return new TransparentRoutes(
        ruleLines.stream().anyMatch(TransparentRoutes::isOurRule),
        routeLines.stream().anyMatch(TransparentRoutes::isOurRoute),
        ruleLines.stream()
            .filter(line -> !isOurRule(line) && isInTheWay(line))
            .map(line -> "rule " + line)
            .findFirst()
            .or(() ->
                routeLines.stream()
                    .filter(line -> !isOurRoute(line))
                    .map(line -> "route " + line + " table " + TransparentRules.ROUTES)
                    .findFirst()));
  }

  /** Whether everything is there. */
  public boolean complete() {
    return rule && route;
  }

  private static List<String> lines(String text) {
    return text.lines()
        .map(line -> line.replaceAll("\\s+", " ").trim())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static boolean isOurRule(String line) {
    return line.equals(
        "%1$d: from all fwmark %2$s lookup %1$d proto %3$d"
            .formatted(
                TransparentRules.ROUTES,
                TransparentRules.MARK_AND_MASK,
                TransparentRules.PROTOCOL));
  }

  /** The type of the route, local, is 2 where numbers are shown. */
  private static boolean isOurRoute(String line) {
    return line.matches(
        "(2|local) default dev lo proto "
            + TransparentRules.PROTOCOL
            + "( (scope|metric|pref) \\S+)*");
  }

  /** Whether a rule leads to our table, or takes packets for the reason that they have our mark. */
  private static boolean isInTheWay(String line) {
    if ((line + ' ').contains(" lookup " + TransparentRules.ROUTES + ' ')) {
      return true;
    }
    Matcher mark = FWMARK.matcher(line);
    if (!mark.find() || line.matches("\\d+: not .*")) {
      return false;
    }
    long value = Long.decode(mark.group(1));
    long mask = mark.group(2) == null ? -1 : Long.decode(mark.group(2));
    return (value & mask & TransparentRules.MARK) != 0;
  }
}
