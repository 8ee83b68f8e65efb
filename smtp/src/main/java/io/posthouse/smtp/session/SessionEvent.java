package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;

/** What happened in a session that others should know of. */
public sealed interface SessionEvent {

  /**
   * A message got a final reply from the member that had its body.
   *
   * @param told whether its client is still there to hear it
   */
  record Answered(Transaction transaction, Reply reply, boolean told) implements SessionEvent {}

  /**
   * The client was told that its message failed, or that its transaction is doomed, because no
   * member took it.
   */
  record Failed(Transaction transaction, Reply reply) implements SessionEvent {}

  /**
   * A member had the whole message and its reply never came: it may or may not have taken it. The
   * client was told 451.
   */
  record OutcomeUnknown(Transaction transaction, Failure failure) implements SessionEvent {}

  /**
   * A member failed before it had the message, or the login.
   *
   * @param retried whether another try follows
   */
  record AttemptFailed(Errand errand, Failure failure, boolean retried) implements SessionEvent {}

  /** A member answered the AUTH of a client for good, or nobody did. */
  record LoginEnded(Login login, Reply reply) implements SessionEvent {}

  /** A client that is not believed said that it speaks for another. */
  record NotBelieved(Command.XClient said) implements SessionEvent {}

  /** The client went away, or began anew, before its message was complete. */
  record Abandoned(Transaction transaction) implements SessionEvent {}
}
