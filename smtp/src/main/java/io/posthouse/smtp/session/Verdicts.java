package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Who may refuse what a client asks, besides the session itself: a {@link Link} asks before it goes
 * on, and each answer is the reply that refuses, or null. 421 also closes the link.
 *
 * <p>What is not overridden is let pass.
 */
public interface Verdicts {

  /** Whether the client may say XCLIENT on behalf of others. */
  default boolean believesXClient() {
    return false;
  }

  /** The client says that it speaks for another. 554 closes the link too. */
  default @Nullable Reply identify(Command.XClient said) {
    return null;
  }

  /**
   * The client calls itself so.
   *
   * @param secured whether it uses TLS
   */
  default @Nullable Reply hello(Command.Hello hello, boolean secured) {
    return null;
  }

  /**
   * The client begins a message.
   *
   * @param secured whether it uses TLS
   * @param loggedIn whether it has logged in
   */
  default @Nullable Reply mail(Command.Mail mail, boolean secured, boolean loggedIn) {
    return null;
  }

  /**
   * The client names a recipient of its open message. What is refused goes to no member.
   *
   * @param loggedIn whether the client has logged in
   */
  default @Nullable Reply recipient(Transaction message, Command.Rcpt recipient, boolean loggedIn) {
    return null;
  }

  /** The client is about to send the body of its message, be it by DATA or by a first chunk. */
  default @Nullable Reply body(Transaction message) {
    return null;
  }
}
