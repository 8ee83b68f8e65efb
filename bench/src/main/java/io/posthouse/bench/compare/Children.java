package io.posthouse.bench.compare;

import io.posthouse.bench.measure.Clock;
import io.posthouse.bench.measure.ProcStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes that a comparison has started; none outlives it, also not at a signal.
 *
 * <p>Safe for any thread: the shutdown hook may end what the main thread is just starting.
 */
final class Children implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<Process> running = new ArrayList<>();
  private final Thread hook = new Thread(this::endAll, "end-children");
  private boolean closed;

  Children() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a process whose output goes to a file, which is added to. */
  synchronized Process start(List<String> command, Path output) throws IOException {
    if (closed) {
      throw new IOException("the comparison is ending");
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Process process = builder.start();
    running.add(process);
    return process;
  }

  /** Ends a process and those that it started, and waits until they are gone. */
  void end(Process process) {
    List<ProcessHandle> family = family(process);
    family.forEach(ProcessHandle::destroy);
    if (!areGone(family)) {
      family.forEach(ProcessHandle::destroyForcibly);
      areGone(family);
    }
    synchronized (this) {
      running.remove(process);
    }
  }

  /**
   * The process that does the work: of this one and those it started, the one with this name. A
   * launcher may be a shell that waits for it.
   */
  static long worker(Process process, String name) {
    for (ProcessHandle handle : family(process)) {
      if (isNamed(handle, name)) {
        return handle.pid();
      }
    }
    return process.pid();
  }

  private static boolean isNamed(ProcessHandle handle, String name) {
    try {
      return ProcStat.of(handle.pid()).command().equals(name);
    } catch (IOException e) {
      // Gone between the listing and the look: then it is not the one that works.
      return false;
    }
  }

  /** The last lines of a log, for an error message. */
  static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private static List<ProcessHandle> family(Process process) {
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      return Stream.concat(Stream.of(process.toHandle()), descendants).toList();
    }
  }

  private static boolean areGone(List<ProcessHandle> family) {
    long end = Clock.nanos() + PATIENCE.toNanos();
    for (ProcessHandle handle : family) {
      try {
        handle.onExit().get(Math.max(1, end - Clock.nanos()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        return false;
      }
    }
    return true;
  }

  private void endAll() {
    List<Process> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(running);
    }
    all.forEach(this::end);
  }

  @Override
  public void close() {
    endAll();
    synchronized (this) {
      if (!hook.isAlive()) {
        removeHook();
      }
    }
  }

  private void removeHook() {
    try {
      boolean ignored = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending; then the hook runs, and finds nothing left to end.
      closed = true;
    }
  }
}
