package io.posthouse.edge;

import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.DnsList;
import io.posthouse.model.EdgeChecks.DnsLists;
import io.posthouse.model.EdgeChecks.EarlyTalkers;
import io.posthouse.model.EdgeChecks.HelloCheck;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.model.EdgeChecks.Rate;
import io.posthouse.model.EdgeChecks.RefuseAt;
import io.posthouse.model.EdgeChecks.ReverseDns;
import io.posthouse.model.Spelled;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Which edge checks a client undergoes, and what each looks at. DNS is not asked, and nothing is
 * counted.
 *
 * @param name that of the checks in the file
 * @param exempt why none of them is for the client; empty when they are
 * @param refuseAt where it hears of what they find
 * @param checks those that are on, in their order; none for a client that is exempt
 */
public record EdgeOutlook(String name, String exempt, RefuseAt refuseAt, List<Look> checks) {
  /** Copies the list. */
  public EdgeOutlook {
    checks = List.copyOf(checks);
  }

  /**
   * One check.
   *
   * @param action what becomes of a client that it meets, as the file has it
   * @param about what is looked at
   */
  public record Look(Check check, String action, String about) {}

  /**
   * Looks ahead.
   *
   * @param className the class that the client is treated as
   * @param talksFirst whether clients must talk first, as with implicit TLS
   * @param speaksForOthers whether the client may say XCLIENT
   */
  public static EdgeOutlook of(
      EdgeChecks settings, String className, boolean talksFirst, boolean speaksForOthers) {
    String exempt = "";
    if (settings.exempt().contains(className)) {
      exempt = "class " + className + " is exempt";
    } else if (speaksForOthers) {
      exempt = "it may say XCLIENT, and whom it speaks for is looked at";
    }
    return new EdgeOutlook(
        settings.name(),
        exempt,
        settings.refuseAt(),
        exempt.isEmpty() ? looks(settings, talksFirst) : List.of());
  }

  private static List<Look> looks(EdgeChecks settings, boolean talksFirst) {
    List<Look> looks = new ArrayList<>();
    EarlyTalkers early = settings.earlyTalkers();
    if (early != null) {
      String pause = "whether it talks within %d ms".formatted(early.pause().toMillis());
      looks.add(
          look(
              Check.EARLY_TALKERS,
              early.action(),
              talksFirst ? "nothing, since TLS comes first" : pause));
    }
    DnsLists lists = settings.dnsLists();
    if (lists != null) {
      looks.add(look(Check.DNS_LISTS, lists.action(), about(lists)));
    }
    ReverseDns reverse = settings.reverseDns();
    if (reverse != null) {
      boolean any = reverse.require() == ReverseDns.Require.NAME;
      String name = any ? "whether DNS has a name for it" : "whether its name in DNS leads back";
      looks.add(look(Check.REVERSE_DNS, reverse.action(), name));
    }
    HelloCheck hello = settings.hello();
    if (hello != null) {
      String faults = hello.faults().stream().map(Spelled::of).collect(Collectors.joining(", "));
      looks.add(look(Check.HELLO, hello.action(), "what it calls itself: " + faults));
    }
    Limits limits = settings.limits();
    if (limits != null) {
      looks.add(look(Check.LIMITS, limits.action(), "in a minute " + about(limits)));
    }
    return looks;
  }

  private static Look look(Check check, Enum<?> action, String about) {
    return new Look(check, Spelled.of(action), about);
  }

  /** By the names that the file gives: a zone may hold a key. */
  private static String about(DnsLists lists) {
    StringJoiner names = new StringJoiner(", ");
    for (DnsList each : lists.lists().values()) {
      names.add(each.name() + (each.answers().isEmpty() ? " " + each.score() : " by answer"));
    }
    return "%s; from %d on".formatted(names, lists.threshold());
  }

  private static String about(Limits limits) {
    StringJoiner bounds = new StringJoiner("; ");
    add(bounds, "per client", limits.perClient());
    add(bounds, "per network", limits.perNetwork());
    add(bounds, "per class", limits.perClass());
    return bounds.toString();
  }

  private static void add(StringJoiner bounds, String whose, Rate rate) {
    StringJoiner each = new StringJoiner(", ");
    if (rate.connections() > 0) {
      each.add("connections " + rate.connections());
    }
    if (rate.recipients() > 0) {
      each.add("recipients " + rate.recipients());
    }
    if (rate.size().octets() > 0) {
      each.add("octets " + rate.size().octets());
    }
    if (each.length() > 0) {
      bounds.add(whose + " " + each);
    }
  }
}
