package io.posthouse.cli;

import io.posthouse.door.Ticker;
import io.posthouse.model.AuditSettings.Acceptance;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The world around a command.
 *
 * @param targets finds address and token in a configuration file
 * @param candidates explains configuration files that need not run
 * @param audits audits configuration files
 * @param columns the width of the terminal; 0 when standard output is none
 * @param atEnd takes what is done when the process ends, be it by Ctrl-C
 */
public record ClientContext(
    Targets targets,
    Candidates candidates,
    Audits audits,
    PrintWriter out,
    PrintWriter err,
    int columns,
    Ticker ticker,
    Pause pause,
    Consumer<Runnable> atEnd) {

  /**
   * Waits that long.
   *
   * @param interrupted what is said when somebody ends the waiting
   */
  void pause(Duration time, String interrupted) throws CommandFailure {
    try {
      pause.pause(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed(interrupted);
    }
  }

  /** Finds a running Posthouse by its configuration file. */
  @FunctionalInterface
  public interface Targets {
    /**
     * Reads the file.
     *
     * @throws CommandFailure when the file cannot be read or is wrong
     */
    Target of(Path configuration) throws CommandFailure;
  }

  /** Explains configuration files that need not run. */
  @FunctionalInterface
  public interface Candidates {
    /**
     * The answer to a question of {@code why}, as the API gives it.
     *
     * @throws CommandFailure when the file or the question is wrong
     */
    JsonNode why(Path configuration, Map<String, String> asked) throws CommandFailure;
  }

  /** Audits configuration files that need not run. */
  @FunctionalInterface
  public interface Audits {
    /**
     * What is found.
     *
     * @throws CommandFailure when the file is wrong
     */
    Audited of(Path configuration) throws CommandFailure;
  }

  /**
   * What an audit of a file found.
   *
   * @param answer as the API gives it
   * @param lines the line of a key of the file; 0 when it has none
   * @param meant the findings that the file accepts
   */
  public record Audited(ObjectNode answer, ToIntFunction<String> lines, List<Acceptance> meant) {}

  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    /** Returns after that time. */
    void pause(Duration time) throws InterruptedException;
  }
}
