package io.posthouse.switching;

import io.posthouse.edge.Allowance;
import io.posthouse.edge.Check;
import io.posthouse.edge.EdgeRates.Sender;
import io.posthouse.edge.EdgeRates.What;
import io.posthouse.edge.EdgeState;
import io.posthouse.edge.Finding;
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
  private @Nullable Limits limits;
  private @Nullable EdgeState state;
  private @Nullable Allowance allowance;

  EdgeLimits(SmtpLink link, Loop loop, Admission admission) {
    this.link = link;
    this.loop = loop;
    this.admission = admission;
  }

  /** Takes the limits of the checks for the client; null for none. */
  void use(@Nullable Edge with) {
    allowance = null;
    limits = with == null ? null : with.policy().settings().limits();
    state = limits == null || with == null ? null : with.policy().state();
  }

  /** A link begins: the reply that ends it, or null. */
  @Nullable Reply connection() {
    EdgeState counts = state;
    if (counts != null) {
      counts.of(Check.LIMITS).asked();
    }
    return take(What.CONNECTIONS, 421);
  }

  /** A message begins: the reply that refuses it, or null. */
  @Nullable Reply message() {
    Limits bounds = limits;
    EdgeState counts = state;
    if (bounds == null || counts == null) {
      return null;
    }
    String over = allowance(counts, bounds).isSpent(loop.nanos());
    return over == null ? null : tooMuch(counts, bounds, over, 451);
  }

  /** One more recipient: the reply that refuses it, or null. */
  @Nullable Reply recipient() {
    return take(What.RECIPIENTS, 450);
  }

  /** A message had so many octets. */
  void sent(long octets) {
    Limits bounds = limits;
    EdgeState counts = state;
    if (bounds != null && counts != null) {
      allowance(counts, bounds).spend(octets, loop.nanos());
    }
  }

  private @Nullable Reply take(What what, int code) {
    Limits bounds = limits;
    EdgeState counts = state;
    if (bounds == null || counts == null) {
      return null;
    }
    String over = allowance(counts, bounds).take(what, loop.nanos());
    return over == null ? null : tooMuch(counts, bounds, over, code);
  }

  private @Nullable Reply tooMuch(EdgeState counts, Limits bounds, String over, int code) {
    boolean logged = bounds.action() == LimitAction.LOG;
    counts.of(Check.LIMITS).met();
    Action action = logged ? Action.LOG : Action.TEMPFAIL;
    link.log().met(Finding.of(Check.LIMITS, action, over));
    return logged ? null : Reply.of(code, "4.7.1 Too much in a minute, try again later: " + over);
  }

  private Allowance allowance(EdgeState counts, Limits bounds) {
    Sender sender = new Sender(admission.address(), admission.className());
    Allowance now = allowance;
    if (now == null || !now.isFor(sender, loop.nanos())) {
      now = counts.rates().of(sender, bounds, loop.nanos());
      allowance = now;
    }
    return now;
  }
}
