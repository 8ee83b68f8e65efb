package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a client wants a member for: one message, or to log in. */
public abstract sealed class Errand permits Transaction, Login {
  private final Command.Hello hello;
  private Set<String> requires;

  /** What the client hears when no member takes it. */
  @Nullable Reply lastReply;

  Errand(Command.Hello hello, Set<String> requires) {
    this.hello = hello;
    this.requires = requires;
  }

  /** The EHLO or HELO of its client. */
  public Command.Hello hello() {
    return hello;
  }

  /** The EHLO keywords that a member must offer for it, as far as is known by now. */
  public Set<String> requires() {
    return requires;
  }

  void require(Set<String> more) {
    if (!requires.containsAll(more)) {
      Set<String> all = new TreeSet<>(requires);
      all.addAll(more);
      requires = all;
    }
  }

  /** Whether another member could be given all that the client gave so far. */
  public abstract boolean mayMove();

  /** Begins anew with another member. */
  abstract void rewind();

  /** Whether it was refused by a member, and its client knows. */
  abstract boolean isRefused();

  /** Whether its client was told that a member takes it. */
  abstract boolean isPromised();
}
