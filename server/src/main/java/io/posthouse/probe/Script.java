package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.smtp.Printable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One running program of an exec monitor, its first line of output, and everything it has started.
 *
 * <p>It gets a session of its own where setsid(1) is there, and by that everything it leaves behind
 * can be found in /proc and killed, save what makes itself a session of its own; without setsid
 * only the children that are still its own are found. Input is empty, errors go nowhere. Of its
 * output {@value #MAX_OUTPUT} octets are taken, then the pipe is closed. One thread waits for it;
 * {@link #kill} may be called by any.
 */
final class Script {
  private static final int MAX_OUTPUT = 1 << 20;
  private static final int MAX_LINE = 400;
  private static final int KILL_ROUNDS = 5;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Set<String> ENVIRONMENT = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ");
  private static final Optional<Path> SETSID = onPath("setsid");

  private final Process process;
  private final StringBuilder line = new StringBuilder();
  private boolean lineEnded;
  private int octets;

  private Script(Process process) {
    this.process = process;
  }

  /** Starts it, with these variables besides the few of ours that it keeps. */
  static Script start(List<String> command, Map<String, String> variables) throws IOException {
    List<String> full = new ArrayList<>();
    SETSID.ifPresent(path -> full.add(path.toString()));
    full.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(full);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    builder.environment().putAll(variables);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return new Script(builder.start());
  }

  /** The file that a name without a slash stands for. */
  static Optional<Path> onPath(String program) {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "/usr/bin:/bin" : path).split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /**
   * Waits for its end while taking its output; whether it came.
   *
   * <p>Nothing here ever blocks in a read: a pipe that some descendant holds open would never end.
   */
  boolean await(Duration timeout, Ticker ticker) throws InterruptedException {
    long deadlineNanos = ticker.nanos() + timeout.toNanos();
    boolean ended = false;
    while (!ended && ticker.nanos() - deadlineNanos < 0) {
      ended = process.waitFor(POLL.toNanos(), TimeUnit.NANOSECONDS);
      takeOutput();
    }
    return ended;
  }

  int exitCode() {
    return process.exitValue();
  }

  /** What it said first, fit for people; may be empty. */
  String firstLine() {
    return Printable.line(line.toString().strip(), 200);
  }

  /** Kills it and everything that it has started. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (SETSID.isPresent()) {
      for (int round = 0; round < KILL_ROUNDS && killSession(); round++) {
        // What forks while it is being killed is found in the next round.
        Thread.onSpinWait();
      }
    }
    try {
      process.getInputStream().close();
    } catch (IOException alreadyClosed) {
      // Nobody reads it any more.
    }
  }

  private boolean killSession() {
    boolean found = false;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path directory : all) {
        long pid = Long.parseLong(directory.getFileName().toString());
        Optional<ProcessHandle> handle =
            sessionOf(directory) == process.pid() ? ProcessHandle.of(pid) : Optional.empty();
        found |= handle.map(ProcessHandle::destroyForcibly).orElse(false);
      }
    } catch (IOException noProc) {
      return false;
    }
    return found;
  }

  /** The sixth field of proc(5) stat; the second may hold anything, in parentheses. */
  private static long sessionOf(Path directory) {
    try {
      String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
      boolean zombie = fields[0].equals("Z");
      return zombie ? -1 : Long.parseLong(fields[3]);
    } catch (IOException | RuntimeException gone) {
      return -1;
    }
  }

  private void takeOutput() {
    try {
      InputStream output = process.getInputStream();
      byte[] buffer = new byte[8192];
      int ready;
      while (octets < MAX_OUTPUT && (ready = output.available()) > 0) {
        int length = output.read(buffer, 0, Math.min(ready, buffer.length));
        for (int i = 0; i < length && !lineEnded; i++) {
          lineEnded = buffer[i] == '\n' || line.length() >= MAX_LINE;
          if (!lineEnded) {
            line.append((char) (buffer[i] & 0xff));
          }
        }
        octets += length;
      }
      if (octets >= MAX_OUTPUT) {
        output.close();
      }
    } catch (IOException closed) {
      octets = MAX_OUTPUT;
    }
  }
}
