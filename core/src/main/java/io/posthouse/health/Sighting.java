package io.posthouse.health;

import io.posthouse.model.Announce;
import io.posthouse.model.IpAddress;
import io.posthouse.policy.ProbeSource;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From which address a member was asked, and which one it saw.
 *
 * @param source where the probe was to leave from
 * @param local the address of its socket: with automap the kernel's choice; null without a
 *     connection
 * @param seen the address that the member says it saw; null when it says none
 * @param problem what is wrong, one line for people; empty for nothing
 */
public record Sighting(
    ProbeSource source, @Nullable InetAddress local, @Nullable InetAddress seen, String problem) {

  /** What a probe showed. */
  public static Sighting of(
      ProbeOrder order, @Nullable InetAddress local, Introduction said, ProbeResult result) {
    Reply ehlo = said.secured() == null ? said.ehlo() : said.secured();
    InetAddress seen = ehlo == null ? null : SeenAddress.in(ehlo);
    boolean unusable =
        result instanceof ProbeResult.Inconclusive unsure && unsure.step() == ProbeStep.SOURCE;
    String problem = unusable ? result.reason() : mismatch(order.spokenAnnounce(), local, seen);
    return new Sighting(order.source(), local, seen, problem);
  }

  private static String mismatch(
      Announce announce, @Nullable InetAddress local, @Nullable InetAddress seen) {
    if (local == null || seen == null || local.equals(seen)) {
      return "";
    }
    boolean told = announce.isProxy() || announce == Announce.XCLIENT;
    String text =
        told
            ? "says that it is %s, but the member sees %s: it does not believe what it is told"
            : "connects from %s, but the member sees %s: an address translation is between";
    return text.formatted(IpAddress.text(local), IpAddress.text(seen));
  }

  /** Whether the member says that it saw another address than it was asked from. */
  public boolean isMismatch() {
    return local != null && seen != null && !local.equals(seen);
  }

  /** The one that tells most from each source, always in the same order. */
  public static List<Sighting> bySource(Collection<Sighting> all) {
    Map<String, Sighting> found = new TreeMap<>();
    all.forEach(
        each -> found.merge(each.source.toString(), each, (a, b) -> b.tells() > a.tells() ? b : a));
    return List.copyOf(found.values());
  }

  private int tells() {
    return (seen == null ? 0 : 2) + (local == null && problem.isEmpty() ? 0 : 1);
  }
}
