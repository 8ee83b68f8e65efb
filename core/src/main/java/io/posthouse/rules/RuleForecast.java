package io.posthouse.rules;

import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction;
import io.posthouse.model.RuleAction.Verdict;
import io.posthouse.model.RuleEvent;
import io.posthouse.policy.DataGroups;
import io.posthouse.rules.RuleOutlook.Course;
import io.posthouse.smtp.Path;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a virtual server would do with a client, one after the other. Nothing is
 * counted, told, or taken from a limit. What stands behind a rule that depends on something is told
 * as if that one did not fire.
 *
 * @param rules in the order in which they are asked
 * @param clientClass the class that the client is treated as when it has connected
 * @param connected what they choose when it has connected
 * @param chosen what they choose for its next message, in mode tcp for its link
 * @param perhaps names of those that choose otherwise, should they fire
 */
public record RuleForecast(
    List<RuleOutlook> rules,
    String clientClass,
    Detour connected,
    Detour chosen,
    Set<String> perhaps) {
  /** Copies list and set. */
  public RuleForecast {
    rules = List.copyOf(rules);
    perhaps = Set.copyOf(perhaps);
  }

  /** That of no rules. */
  public static RuleForecast none(String clientClass) {
    return new RuleForecast(List.of(), clientClass, Detour.NONE, Detour.NONE, Set.of());
  }

  /** Whether what a rule chooses counts in the end: no later event's rule chooses once more. */
  public boolean follows(RuleOutlook rule) {
    String what = rule.rule().then().key();
    return rules.stream()
        .filter(each -> each.diverts() && each.rule().then().key().equals(what))
        .reduce((_, later) -> later)
        .filter(rule::equals)
        .isPresent();
  }

  /** Whether a rule refuses the client, whatever that says. */
  public boolean refuses() {
    return rules.stream().anyMatch(RuleOutlook::refuses);
  }

  /** The rule that refuses the client when it connects; null for none. */
  public @Nullable RuleOutlook refusal() {
    return rules.stream()
        .filter(each -> each.rule().at() == RuleEvent.CONNECT && each.refuses())
        .findFirst()
        .orElse(null);
  }

  /**
   * What is known of a client that has said nothing yet.
   *
   * @param clientClass the class of its address
   * @param secured whether it certainly uses TLS
   * @param namedByPeers whether a believed peer may say what its host name is
   * @param sender as people write it, without angle brackets; null when nobody says
   * @param recipient likewise
   */
  public record Known(
      DataGroups groups,
      InetAddress client,
      String clientClass,
      boolean secured,
      boolean namedByPeers,
      @Nullable String sender,
      @Nullable String recipient,
      Instant time) {

    private RuleFacts facts(String treatedAs) {
      return RuleFacts.of(groups, client, treatedAs, time, 0)
          .greeting("", "", secured, false)
          .message(path(sender), 0, path(recipient), 0);
    }

    private static Path path(@Nullable String written) {
      Path path = written == null ? null : Path.parse(written);
      return path == null ? Path.NULL : path;
    }

    private Set<String> unknown() {
      Set<String> unknown = new TreeSet<>(Set.of("helo", "auth", "size", "recipients"));
      if (!secured) {
        unknown.add("tls");
      }
      if (namedByPeers) {
        unknown.add("client.name");
      }
      if (sender == null) {
        unknown.addAll(Set.of("sender", "sender.address", "sender.domain"));
      }
      if (recipient == null) {
        unknown.addAll(Set.of("recipient", "recipient.address", "recipient.domain"));
      }
      return unknown;
    }
  }

  /** Looks ahead. */
  public static RuleForecast of(RuleSet rules, Known known) {
    return new Walk(rules, known).walk();
  }

  /** One walk along all events. */
  private static final class Walk {
    private final RuleSet rules;
    private final Known known;
    private final Set<String> unknown;
    private final List<RuleOutlook> told = new ArrayList<>();
    private final Set<String> perhaps = new TreeSet<>();
    private final List<String> perhapsAccepting = new ArrayList<>();
    private Detour before = Detour.NONE;
    private Detour chosen = Detour.NONE;
    private String accepted = "";
    private String refused = "";
    private boolean classOpen;

    Walk(RuleSet rules, Known known) {
      this.rules = rules;
      this.known = known;
      this.unknown = known.unknown();
    }

    RuleForecast walk() {
      Detour connected = Detour.NONE;
      String clientClass = known.clientClass();
      for (RuleEvent at : RuleEvent.values()) {
        chosen = Detour.NONE;
        accepted = "";
        perhapsAccepting.clear();
        for (LiveRule each : rules.of(at)) {
          told.add(outlook(each));
        }
        before = chosen.or(before);
        if (at == RuleEvent.CONNECT) {
          connected = before;
          clientClass = treatedAs();
        }
        if (classOpen) {
          unknown.add("client.class");
        }
      }
      return new RuleForecast(told, clientClass, connected, before, perhaps);
    }

    private String treatedAs() {
      String by = before.clientClass();
      return by == null ? known.clientClass() : by;
    }

    private RuleOutlook outlook(LiveRule live) {
      if (!refused.isEmpty()) {
        return of(live, Course.NOT_ASKED, refused + " refuses before");
      } else if (!accepted.isEmpty()) {
        return of(live, Course.NOT_ASKED, accepted + " accepts before");
      } else if (live.isSettled(chosen)) {
        return of(live, Course.NOT_ASKED, "a rule before has chosen already");
      }
      try {
        Guess guess = live.condition().guess(known.facts(treatedAs()), unknown);
        if (guess.isOpen()) {
          depends(live.rule());
          return of(live, Course.DEPENDS, String.join(", ", new TreeSet<>(guess.dependsOn())));
        }
        return guess.holds() ? fires(live) : of(live, Course.DOES_NOT_FIRE, "");
      } catch (RuleException failure) {
        return stops(of(live, Course.FAILS, failure.reason()));
      }
    }

    private void depends(Rule rule) {
      if (rule.dryRun()) {
        return;
      }
      classOpen |= rule.then().clientClass() != null;
      if (rule.then().chooses()) {
        perhaps.add(rule.name());
      } else if (rule.then().verdict() == Verdict.ACCEPT) {
        perhapsAccepting.add(rule.name());
      }
    }

    private RuleOutlook fires(LiveRule live) {
      if (!live.rule().dryRun()) {
        if (live.rule().then().chooses()) {
          perhaps.addAll(perhapsAccepting); // Behind one of those it is not asked.
        }
        chosen = chosen.or(live.detour());
        boolean accepts = live.rule().then().verdict() == Verdict.ACCEPT;
        accepted = accepts ? live.rule().name() : "";
      }
      return stops(of(live, Course.FIRES, said(live)));
    }

    /** In which words it refuses, or what it chooses. */
    private static String said(LiveRule live) {
      RuleAction then = live.rule().then();
      if (then.refuse() != null) {
        return RuleReply.of(live.rule().at(), then.refuse()).phrase();
      } else if (then.limit() != null) {
        return "counts against its limit";
      } else if (then.verdict() == Verdict.CLOSE) {
        return "ends the link";
      }
      Detour to = live.detour();
      String pool = to.pool() == null ? "" : to.pool();
      String snat = to.snat() == null ? pool : to.snat();
      return to.clientClass() == null ? snat : to.clientClass();
    }

    private RuleOutlook stops(RuleOutlook outlook) {
      if (outlook.refuses()) {
        refused = outlook.rule().name();
      }
      return outlook;
    }

    private static RuleOutlook of(LiveRule live, Course course, String detail) {
      return new RuleOutlook(live.rule(), course, detail);
    }
  }
}
