package io.posthouse.rules;

import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction;
import io.posthouse.model.RuleEvent;
import io.posthouse.rules.Firing.What;
import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a virtual server in their order.
 *
 * <p>At an event its rules are asked one after the other. The first that accepts, refuses or closes
 * ends it; of those that choose a pool, a source address or a class, the first to choose each wins.
 * A rule that cannot be evaluated refuses for now. A dry run is counted, told, and does nothing.
 */
public final class RuleSet {
  private final List<LiveRule> all;
  private final Map<RuleEvent, LiveRule[]> byEvent = new EnumMap<>(RuleEvent.class);

  /** Rules in their order. */
  public RuleSet(List<LiveRule> all) {
    this.all = List.copyOf(all);
    for (RuleEvent at : RuleEvent.values()) {
      byEvent.put(at, all.stream().filter(each -> each.rule().at() == at).toArray(LiveRule[]::new));
    }
  }

  /** Every rule, in order. */
  public List<LiveRule> all() {
    return all;
  }

  /** Whether there is anything to ask at an event. */
  public boolean has(RuleEvent at) {
    return of(at).length > 0;
  }

  LiveRule[] of(RuleEvent at) {
    LiveRule[] its = byEvent.get(at);
    if (its == null) {
      throw new AssertionError(at);
    }
    return its;
  }

  /**
   * Asks the rules of an event.
   *
   * @param again whether they were asked at this event before and only what they choose or refuse
   *     may have changed: no limit counts it again, and nothing is told twice
   */
  public RuleVerdict evaluate(RuleEvent at, RuleFacts facts, boolean again) {
    Course course = new Course(at, facts, again);
    for (LiveRule each : of(at)) {
      if (!course.ask(each)) {
        break;
      }
    }
    return course.verdict();
  }

  /** One walk along the rules of an event. */
  private static final class Course {
    private final RuleEvent at;
    private final RuleFacts facts;
    private final boolean again;
    private Detour detour = Detour.NONE;
    private @Nullable List<Firing> firings;
    private @Nullable Reply reply;
    private boolean silent;

    Course(RuleEvent at, RuleFacts facts, boolean again) {
      this.at = at;
      this.facts = facts;
      this.again = again;
    }

    /** Asks one rule; whether the next is to be asked. */
    boolean ask(LiveRule live) {
      Rule rule = live.rule();
      if (live.isSettled(detour) || (again && rule.dryRun())) {
        return true;
      }
      try {
        if (!live.condition().holds(facts)) {
          return true;
        }
      } catch (RuleException failure) {
        live.counts().fail();
        tell(rule, What.FAILED, failure.reason());
        return rule.dryRun() || stop(RuleReply.failed(at));
      }
      if (!again) {
        live.counts().fire();
      }
      return rule.dryRun() ? dry(live) : act(live);
    }

    private boolean dry(LiveRule live) {
      if (live.rule().then().limit() == null || !live.take(facts)) {
        tell(live.rule(), What.DRY, "");
      }
      return true;
    }

    private boolean act(LiveRule live) {
      Rule rule = live.rule();
      RuleAction then = rule.then();
      String refuse = then.refuse();
      if (then.verdict() != null) {
        return switch (then.verdict()) {
          case ACCEPT -> false;
          case CLOSE -> {
            silent = true;
            yield refuse(rule, RuleReply.closed());
          }
          case LOG -> {
            tell(rule, What.LOGGED, "");
            yield true;
          }
        };
      } else if (refuse != null) {
        return refuse(rule, RuleReply.of(at, refuse));
      } else if (then.limit() != null) {
        return again || live.take(facts) || refuse(rule, RuleReply.limited(at));
      }
      detour = detour.or(live.detour());
      return true;
    }

    private boolean refuse(Rule rule, Reply with) {
      tell(rule, What.REFUSED, with.phrase());
      return stop(with);
    }

    private boolean stop(Reply with) {
      reply = with;
      return false;
    }

    private void tell(Rule rule, What what, String detail) {
      if (again && what == What.LOGGED) {
        return;
      }
      List<Firing> so = firings;
      if (so == null) {
        so = new ArrayList<>(2);
        firings = so;
      }
      so.add(new Firing(rule, what, detail));
    }

    RuleVerdict verdict() {
      List<Firing> told = firings == null ? List.of() : firings;
      Reply last = reply;
      if (last != null) {
        return new RuleVerdict.Stop(last, silent, told);
      }
      boolean plain = told.isEmpty() && detour.equals(Detour.NONE);
      return plain ? RuleVerdict.Go.ON : new RuleVerdict.Go(detour, told);
    }
  }
}
