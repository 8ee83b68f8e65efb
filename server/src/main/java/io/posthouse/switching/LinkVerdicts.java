package io.posthouse.switching;

import io.posthouse.policy.RelayVerdict;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Transaction;
import io.posthouse.smtp.session.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Who may refuse what a link's client asks, and in which order. Whoever changes the order does it
 * here and nowhere else: at connect class, rules, edge checks; at MAIL class, rules, edge limits,
 * and what the class demands; at RCPT edge checks, relay guard, rules, edge limits.
 */
final class LinkVerdicts implements Verdicts {
  private final SmtpLink link;
  private final Admission admission;
  private final Announcement announcement;
  private final LinkRules rules;
  private final EdgeGate edge;

  LinkVerdicts(SmtpLink link, Admission admission, Announcement announcement, EdgeGate edge) {
    this.link = link;
    this.admission = admission;
    this.announcement = announcement;
    this.edge = edge;
    this.rules = new LinkRules(link, admission);
  }

  /**
   * The client has connected. Edge checks come next, which may take a while.
   *
   * @param room whether the virtual server has room for one more
   */
  @Nullable Reply connect(boolean room) {
    if (!room) {
      link.ending().because(SmtpEnd.TOO_MANY_LINKS);
      return Admission.TOO_MANY_LINKS;
    }
    Reply ofClass = admission.enter(link.running().routes());
    Reply refusal = ofClass == null ? rules.connect() : ofClass;
    if (refusal != null) {
      link.ending().because(SmtpEnd.ofClass(refusal));
    }
    return refusal;
  }

  /** Whether the client that was refused last is better told nothing. */
  boolean areSilent() {
    return rules.isSilent();
  }

  @Override
  public boolean believesXClient() {
    return link.running().believed().xclient(announcement.peer());
  }

  @Override
  public @Nullable Reply identify(Command.XClient said) {
    Reply ofClass = announcement.identify(said);
    Reply refusal = ofClass == null ? rules.connect() : ofClass;
    if (refusal != null) {
      return refusal;
    }
    Reply unwanted = edge.changed(link.edgeChecks());
    if (unwanted != null) {
      link.ending().because(SmtpEnd.EDGE_CHECK);
    }
    return unwanted;
  }

  @Override
  public @Nullable Reply hello(Command.Hello hello, boolean secured) {
    return rules.hello(hello, secured);
  }

  @Override
  public @Nullable Reply mail(Command.Mail mail, boolean secured, boolean loggedIn) {
    Reply gone = admission.renew(link.renew().routes());
    Reply ruled = gone == null ? rules.mail(mail, loggedIn) : gone;
    Reply refusal = ruled == null ? edge.limits().message() : ruled;
    return refusal != null ? refusal : admission.message(secured, loggedIn, link.loop().nanos());
  }

  @Override
  public @Nullable Reply recipient(Transaction message, Command.Rcpt to, boolean loggedIn) {
    Reply unwanted = edge.refusal(to, loggedIn);
    if (unwanted != null) {
      link.log().unwanted(message, to, unwanted);
      return unwanted;
    }
    RelayVerdict relay = admission.relay(to.recipient(), loggedIn);
    if (relay != null) {
      link.log().relayDenied(message, to, relay);
      return Admission.RELAY_DENIED;
    }
    Reply ruled = rules.recipient(message, to, loggedIn);
    return ruled == null ? edge.limits().recipient() : ruled;
  }

  @Override
  public @Nullable Reply body(Transaction message) {
    return rules.data(message);
  }
}
