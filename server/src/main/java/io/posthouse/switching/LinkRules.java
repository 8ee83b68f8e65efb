package io.posthouse.switching;

import io.posthouse.backend.RuleRoutes;
import io.posthouse.model.RuleEvent;
import io.posthouse.rules.Detour;
import io.posthouse.rules.Firing;
import io.posthouse.rules.RuleFacts;
import io.posthouse.rules.RuleReply;
import io.posthouse.rules.RuleVerdict;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Path;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one link: asks them when something happens on it, says what the log is to say, and
 * has {@link Admission} follow what they choose.
 *
 * <p>What is chosen when the client connects holds for its link, when it says EHLO until it says so
 * again, and at MAIL for the message; the later choice counts. After a reload the rules of connect
 * and EHLO are asked once more before the next message, and nothing counts against their limits.
 */
final class LinkRules {
  private final SmtpLink link;
  private final Admission admission;
  private @Nullable RuleRoutes by;
  private Detour ofLink = Detour.NONE;
  private Detour ofHello = Detour.NONE;
  private String helo = "";
  private boolean secured;
  private boolean failureTold;
  private boolean silent;

  LinkRules(SmtpLink link, Admission admission) {
    this.link = link;
    this.admission = admission;
  }

  /** Whether the client that was refused last is better told nothing. */
  boolean isSilent() {
    return silent;
  }

  /** It is known who the client is, and its class let it in; the reply that refuses it, if any. */
  @Nullable Reply connect() {
    by = admission.rules();
    ofLink = Detour.NONE;
    ofHello = Detour.NONE;
    helo = "";
    RuleRoutes rules = by;
    return rules == null ? null : connect(rules, false);
  }

  private @Nullable Reply connect(RuleRoutes rules, boolean again) {
    ofLink = Detour.NONE;
    ofHello = Detour.NONE; // It is not to know what comes after it.
    return ask(rules, RuleEvent.CONNECT, null, null, again);
  }

  /** The client greets. */
  @Nullable Reply hello(Command.Hello hello, boolean overTls) {
    helo = hello.name();
    secured = overTls;
    RuleRoutes rules = by;
    return rules == null ? null : hello(rules, false);
  }

  private @Nullable Reply hello(RuleRoutes rules, boolean again) {
    ofHello = Detour.NONE;
    return ask(rules, RuleEvent.HELLO, null, null, again);
  }

  /** The client begins a message. */
  @Nullable Reply mail(Command.Mail mail, boolean loggedIn) {
    if (admission.rules() != by) {
      Reply gone = renew();
      if (gone != null) {
        return gone;
      }
    }
    RuleRoutes rules = by;
    if (rules == null) {
      return null;
    }
    Reply unspelled = RuleReply.ofSpelling(RuleEvent.MAIL, mail.sender());
    Message about = new Message(mail, loggedIn, 0);
    return unspelled == null ? ask(rules, RuleEvent.MAIL, about, null, false) : unspelled;
  }

  /** Rules, or lists that they look into, have changed. */
  private @Nullable Reply renew() {
    RuleRoutes rules = admission.rules();
    by = rules;
    if (rules == null) {
      ofLink = Detour.NONE;
      ofHello = Detour.NONE;
      return admission.move(admission.base());
    }
    Reply refusal = connect(rules, true);
    if (refusal == null) {
      refusal = hello(rules, true);
    }
    return refusal == null ? null : ended(RuleReply.closed());
  }

  /** The client names a recipient that its class may send to. */
  @Nullable Reply recipient(Transaction message, Command.Rcpt recipient, boolean loggedIn) {
    RuleRoutes rules = by;
    if (rules == null || !rules.rules().has(RuleEvent.RECIPIENT)) {
      return null;
    }
    Path to = recipient.recipient();
    Reply unspelled = RuleReply.ofSpelling(RuleEvent.RECIPIENT, to);
    return unspelled == null
        ? ask(rules, RuleEvent.RECIPIENT, of(message, loggedIn), to, false)
        : unspelled;
  }

  /** The client wants to send the body. */
  @Nullable Reply data(Transaction message) {
    RuleRoutes rules = by;
    return rules == null || !rules.rules().has(RuleEvent.DATA)
        ? null
        : ask(rules, RuleEvent.DATA, of(message, message.isPinned()), null, false);
  }

  /** What rules may know of a message. */
  private record Message(Command.Mail mail, boolean loggedIn, int recipients) {}

  private static Message of(Transaction message, boolean loggedIn) {
    return new Message(message.mail(), loggedIn, message.recipients().size());
  }

  private @Nullable Reply ask(
      RuleRoutes rules,
      RuleEvent at,
      @Nullable Message message,
      @Nullable Path recipient,
      boolean again) {
    RuleVerdict verdict = RuleVerdict.Go.ON;
    if (rules.rules().has(at)) {
      RuleFacts facts = facts(rules, at, message, recipient);
      verdict = rules.rules().evaluate(at, facts, again);
      tell(facts, verdict.firings());
    }
    return switch (verdict) {
      case RuleVerdict.Stop stop -> {
        silent = stop.silent();
        boolean ends = at == RuleEvent.CONNECT || stop.reply().code() == 421;
        yield ends ? ended(stop.reply()) : stop.reply();
      }
      case RuleVerdict.Go go -> at.choosesMember() ? move(rules, at, go.detour(), message) : null;
    };
  }

  private Reply ended(Reply with) {
    link.ending().because(SmtpEnd.RULE);
    return with;
  }

  private @Nullable Reply move(
      RuleRoutes rules, RuleEvent at, Detour chosen, @Nullable Message message) {
    Detour all = ofHello.or(ofLink);
    if (at == RuleEvent.CONNECT) {
      ofLink = chosen;
      all = chosen;
    } else if (at == RuleEvent.HELLO) {
      ofHello = chosen;
      all = chosen.or(ofLink);
    } else if (message != null) {
      // A client that has logged in stays with the member that knows it.
      all = (message.loggedIn() ? chosen.classOnly() : chosen).or(all);
    }
    return admission.move(rules.take(admission.base(), all));
  }

  private RuleFacts facts(
      RuleRoutes rules, RuleEvent at, @Nullable Message message, @Nullable Path recipient) {
    // What the last message was treated as says nothing of the next.
    String chosen = ofHello.or(ofLink).clientClass();
    String before = chosen == null ? admission.base().settings().name() : chosen;
    RuleFacts facts =
        RuleFacts.of(
            rules.groups(),
            admission.address(),
            at.choosesMember() ? before : admission.className(),
            link.now(),
            link.loop().nanos());
    if (at == RuleEvent.CONNECT) {
      return facts;
    }
    String name = link.announcement().hostName();
    facts = facts.greeting(helo, name, secured, message != null && message.loggedIn());
    return message == null
        ? facts
        : facts.message(
            message.mail().sender(),
            message.mail().declaredSize(),
            recipient == null ? Path.NULL : recipient,
            message.recipients());
  }

  private void tell(RuleFacts facts, List<Firing> firings) {
    for (Firing each : firings) {
      boolean failed = each.what() == Firing.What.FAILED;
      if (failed && failureTold) {
        continue; // Once on a link is enough: whoever provokes it would write our log.
      }
      failureTold |= failed;
      link.log().fired(facts.clientClass(), each, told(each.rule().at(), facts));
    }
  }

  private static List<Object> told(RuleEvent at, RuleFacts facts) {
    return switch (at) {
      case CONNECT -> List.of();
      case HELLO -> List.of("helo", facts.helo());
      case MAIL, DATA -> List.of("helo", facts.helo(), "from", facts.sender().text());
      case RECIPIENT ->
          List.of("from", facts.sender().text(), "recipient", facts.recipient().text());
    };
  }
}
