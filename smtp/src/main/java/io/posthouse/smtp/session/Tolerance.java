package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Outlet.CloseReason;

/** How much a client may get wrong, or ask for without mail, before it is sent away. */
final class Tolerance {
  private final SessionLimits limits;
  private final ClientSide client;
  private final Delivery delivery;

  Tolerance(SessionLimits limits, ClientSide client, Delivery delivery) {
    this.limits = limits;
    this.client = client;
    this.delivery = delivery;
  }

  /** Answers a command that moves no mail; a client that sends nothing else is sent away. */
  void idle(Reply reply) {
    if (client.countIdle() > limits.maxIdleCommands()) {
      tooMany();
    } else {
      client.answer(reply);
    }
  }

  /** Refuses a line; a client that goes on like this is sent away. */
  void error(Reply reply) {
    if (client.countError() > limits.maxErrors()) {
      tooMany();
    } else {
      client.answer(reply);
    }
  }

  /** Refuses with a reply of others, which may be the last one. */
  void refuse(Reply refusal) {
    if (refusal.code() == 421) {
      quit(refusal, CloseReason.REFUSED);
    } else {
      error(refusal);
    }
  }

  /** Whether one more error is too many; then the client is sent away. */
  boolean isUsedUp() {
    boolean usedUp = client.errors() >= limits.maxErrors();
    if (usedUp) {
      tooMany();
    }
    return usedUp;
  }

  private void tooMany() {
    quit(Replies.TOO_MANY_ERRORS, CloseReason.TOO_MANY_ERRORS);
  }

  /** Gives the message up and closes with a last reply. */
  void quit(Reply last, CloseReason why) {
    delivery.leave();
    client.close(last, why);
  }
}
