package io.posthouse.irule;

/** What looks at each part of a rule in turn, and keeps what it has seen. */
interface Look {
  /** An event begins, from its name. */
  default void event(String name, int at) {}

  /** A command, before what is inside of it. */
  default void command(TclCommand command) throws TclException {}

  /** A variable is read. */
  default void variable(TclPart.Variable variable) {}
}
