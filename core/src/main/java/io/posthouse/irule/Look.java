package io.posthouse.irule;

import java.util.List;

/** What looks at each part of a rule in turn, and keeps what it has seen. */
interface Look {
  /** An event begins, from its name. */
  default void event(String name, int at) {}

  /** Commands that stand behind each other, before the first of them. */
  default void script(List<TclCommand> commands) throws TclException {}

  /** A command, before what is inside of it. */
  default void command(TclCommand command) throws TclException {}

  /** A variable is read. */
  default void variable(TclPart.Variable variable) {}
}
