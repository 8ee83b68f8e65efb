package io.posthouse.switching;

import io.posthouse.edge.Allowance;
import io.posthouse.edge.Check;
import io.posthouse.edge.EdgeRates.Sender;
import io.posthouse.edge.EdgeRates.What;
import io.posthouse.edge.EdgeState;
import io.posthouse.edge.Finding;
import io.posthouse.edge.RecentClient;
import io.posthouse.model.EdgeChecks.Action;
import io.posthouse.model.EdgeChecks.LimitAction;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.net.Loop;
import io.posthouse.smtp.Reply;
import org.jspecify.annotations.Nullable;

/** How much the client of a link may send in a minute, together with its network and its class. */
final class EdgeLimits {
  private final SmtpLink link;
  private final Loop loop;
  private final Admission admission;

  /** Null when nothing is limited. */
  private @Nullable Bounds bounds;

  private record Bounds(Limits limits, EdgeState state, RecentClient client) {}

  EdgeLimits(SmtpLink link, Loop loop, Admission admission) {
    this.link = link;
    this.loop = loop;
    this.admission = admission;
  }

  /** Nothing is limited. */
  void clear() {
    bounds = null;
  }

  /** Takes the limits of the checks for the client. */
  void use(Edge with, RecentClient client) {
    Limits limits = with.policy().settings().limits();
    bounds = limits == null ? null : new Bounds(limits, with.policy().state(), client);
  }

  /** A link begins: the reply that ends it, or null. */
  @Nullable Reply connection() {
    Bounds by = bounds;
    if (by != null) {
      by.state().of(Check.LIMITS).asked();
    }
    return take(What.CONNECTIONS, 421);
  }

  /** A message begins: the reply that refuses it, or null. */
  @Nullable Reply message() {
    Bounds by = bounds;
    String over = by == null ? null : allowance(by).isSpent(loop.nanos());
    return by == null || over == null ? null : tooMuch(by, over, 451);
  }

  /** One more recipient: the reply that refuses it, or null. */
  @Nullable Reply recipient() {
    return take(What.RECIPIENTS, 450);
  }

  /** A message had so many octets. */
  void sent(long octets) {
    Bounds by = bounds;
    if (by != null) {
      allowance(by).spend(octets, loop.nanos());
    }
  }

  private @Nullable Reply take(What what, int code) {
    Bounds by = bounds;
    String over = by == null ? null : allowance(by).take(what, loop.nanos());
    return by == null || over == null ? null : tooMuch(by, over, code);
  }

  private @Nullable Reply tooMuch(Bounds by, String over, int code) {
    boolean logged = by.limits().action() == LimitAction.LOG;
    by.state().of(Check.LIMITS).met();
    Action action = logged ? Action.LOG : Action.TEMPFAIL;
    link.log().met(Finding.of(Check.LIMITS, action, over));
    return logged ? null : Reply.of(code, "4.7.1 Too much in a minute, try again later: " + over);
  }

  private Allowance allowance(Bounds by) {
    Allowance last = by.client().allowance();
    if (last != null && last.isFor(admission.className(), loop.nanos())) {
      return last;
    }
    Sender sender = new Sender(admission.address(), admission.className());
    Allowance now = by.state().rates().of(sender, by.limits(), loop.nanos());
    by.client().keep(now);
    return now;
  }
}
