package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that are run to their end. */
final class Commands {
  private Commands() {}

  /**
   * How one ended.
   *
   * @param exit its exit code
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  record Ended(int exit, String out, String err) {
    /** The same, after a check that it went well. */
    Ended good() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + "\n" + out + "\n" + err);
      }
      return this;
    }
  }

  /** Runs one for two minutes at most. */
  static Ended run(String... command) {
    return run(Duration.ofMinutes(2), Map.of(), List.of(command));
  }

  /** Runs one with variables set in its environment; it is killed at the bound. */
  static Ended run(Duration bound, Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("acceptance", ".out");
      Path err = Files.createTempFile("acceptance", ".err");
      try {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process =
            builder
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = await(process, bound);
        String said = Files.readString(out);
        String complained = Files.readString(err);
        if (!ended) {
          throw new AssertionError(
              "not done after " + bound + ": " + command + "\n" + said + "\n" + complained);
        }
        return new Ended(process.exitValue(), said, complained);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean await(Process process, Duration bound) {
    try {
      if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    return false;
  }
}
