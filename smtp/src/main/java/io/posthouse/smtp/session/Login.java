package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The AUTH of one client (RFC 4954): the mechanism it chose and how far it got. What the client and
 * the member say to each other passes through and is kept nowhere.
 */
public final class Login extends Errand {
  /** More challenges than any mechanism has: two peers that understand each other go in circles. */
  static final int MOST_CHALLENGES = 32;

  private final String mechanism;

  /** What the client said with AUTH; null once a member has it: nobody else gets a try then. */
  Command.@Nullable Auth command;

  /** Challenges that the member has sent so far. */
  int challenges;

  /** The ledger's slot of what the client waits for. */
  long slot;

  Login(Command.Hello hello, Command.Auth command, long slot) {
    super(hello, Set.of("AUTH"));
    this.mechanism = command.mechanism();
    this.command = command;
    this.slot = slot;
  }

  /** The SASL mechanism, in upper case. */
  public String mechanism() {
    return mechanism;
  }

  @Override
  public boolean mayMove() {
    return command != null;
  }

  @Override
  void rewind() {
    // Nothing was sent, or it would not move.
  }

  @Override
  boolean isRefused() {
    return false;
  }

  @Override
  boolean isPromised() {
    return false;
  }
}
