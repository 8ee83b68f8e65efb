package io.posthouse.switching;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.MemberObserver;
import io.posthouse.balance.Choice;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.ReplyClassifier;
import io.posthouse.health.ReplyStep;
import io.posthouse.health.ReplyVerdict;
import io.posthouse.health.SenderScope;
import io.posthouse.model.AdminState;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Errand;
import io.posthouse.smtp.session.Failure;
import io.posthouse.smtp.session.Phase;
import io.posthouse.smtp.session.SessionEvent;
import io.posthouse.smtp.session.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What a link's messages say of a member's health, told to whoever looks after it.
 *
 * <p>A message taken and a plain pressure reply count as they are. What one client alone may have
 * provoked (421, a refused SIZE, a time-out, a broken connection, nonsense) is told together with
 * the client, and counts only when several have seen it. Refusals of this message or this client
 * say nothing.
 */
final class MailEvidence {
  /** A declared size that a member without trouble takes. */
  private static final long LARGE = 10L << 20;

  private final BackendPool pool;
  private final Choice<MemberConnections> choice;
  private final SenderScope scope;
  private final long client;

  /**
   * About the member chosen last.
   *
   * @param client what tells clients apart
   */
  MailEvidence(BackendPool pool, Choice<MemberConnections> choice, SenderScope scope, long client) {
    this.pool = pool;
    this.choice = choice;
    this.scope = scope;
    this.client = client;
  }

  /** Whether a reply says that its member is under pressure. */
  static boolean isPressure(Phase step, Reply reply) {
    return ReplyClassifier.classify(stepOf(step), reply) == ReplyVerdict.PRESSURE;
  }

  private static ReplyStep stepOf(Phase phase) {
    return switch (phase) {
      case GREETING -> ReplyStep.GREETING;
      case HELLO -> ReplyStep.HELLO;
      case ANNOUNCE -> ReplyStep.GREETING;
      case TLS -> ReplyStep.STARTTLS;
      case MAIL -> ReplyStep.MAIL;
      case RCPT -> ReplyStep.RCPT;
      case DATA -> ReplyStep.DATA;
      case BODY, FINAL_REPLY -> ReplyStep.END_OF_DATA;
      case AUTH, COMMAND -> ReplyStep.OTHER;
    };
  }

  /** Tells what an event means. */
  void tell(SessionEvent event) {
    switch (event) {
      case SessionEvent.Answered answered -> answered(answered.reply());
      case SessionEvent.AttemptFailed attempt ->
          failed(attempt.failure(), isLarge(attempt.errand()));
      case SessionEvent.OutcomeUnknown unknown -> failed(unknown.failure(), false);
      case SessionEvent.Abandoned _ -> undecided();
      case SessionEvent.NotBelieved _ -> {} // No member has a part in it.
      case SessionEvent.LoginEnded _ -> undecided();
      case SessionEvent.Failed _ -> {} // The tries before it have been told.
    }
  }

  private void answered(Reply reply) {
    if (reply.severity() == 2) {
      MemberStatus status = pool.statuses().get(choice.name());
      boolean awaited = status != null && !status.pressure(scope).isNone();
      observer().messageTaken(pool.name(), choice.name(), scope, awaited);
    } else {
      undecided();
    }
  }

  /** Some servers say 452 to a size that is beyond what their disk has left. */
  private static boolean isLarge(Errand errand) {
    return errand instanceof Transaction message && message.mail().declaredSize() > LARGE;
  }

  private void failed(Failure failure, boolean large) {
    switch (failure.kind()) {
      case PRESSURE -> pressed(failure.reply(), large && failure.phase() == Phase.MAIL);
      case LOST, TIMEOUT, MALFORMED -> {
        if (!isDisabled()) {
          observer().failedFor(client, pool.name(), choice.name(), scope, failure.phrase());
        }
        undecided();
      }
      case TLS -> {
        choice.load().failed();
        long each = choice.load().connectFailures(); // No client has a part in it: each counts.
        observer().failedFor(each, pool.name(), choice.name(), scope, failure.phrase());
        undecided();
      }
      case DEPARTED, GREETING_REFUSED, HELLO_REFUSED, REPLAY_REFUSED, NOT_CAPABLE -> undecided();
    }
  }

  private void pressed(@Nullable Reply reply, boolean bySize) {
    String said = reply == null ? "" : reply.phrase();
    if (reply != null && (bySize || reply.code() == 421)) {
      observer().messageRefusedFor(client, pool.name(), choice.name(), scope, said);
      undecided();
    } else {
      observer().messageRefused(pool.name(), choice.name(), scope, said);
    }
  }

  /** Its administrator cut it off: no fault of the member. */
  private boolean isDisabled() {
    MemberStatus status = pool.statuses().get(choice.name());
    return status != null && status.admin() == AdminState.DISABLED;
  }

  private void undecided() {
    if (choice.trial() > 0) {
      observer().trialUndecided(pool.name(), choice.name(), scope, choice.trial());
    }
  }

  private MemberObserver observer() {
    return pool.observer();
  }
}
