package io.posthouse.cli;

/** Why a command ends without its answer: one line for people, and the exit code. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** A finding or a failure. */
  public static final int FAILED = 1;

  /** Wrong usage or configuration. */
  public static final int USAGE = 2;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command could not do it. */
  public static CommandFailure failed(String message) {
    return new CommandFailure(FAILED, message);
  }

  /** The command was called wrongly, or the configuration is wrong. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(USAGE, message);
  }

  /** 1 or 2. */
  public int exitCode() {
    return exitCode;
  }
}
