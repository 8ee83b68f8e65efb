package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Monitor;
import io.posthouse.model.Spelled;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The exec probe: runs a program of the administrator's with the member's address, port and the
 * time-out in seconds as its last arguments.
 *
 * <p>Exit code 0 passes, any other fails, except 126 and 127, by which shells say that a program
 * could not be run: that, and a program that cannot be started, says nothing of the member. The
 * first line of output is the reason. At the time-out the program is killed and has failed;
 * whatever it leaves running is killed too.
 */
final class ExecProbe implements AutoCloseable {
  /** Most programs that run at once. */
  static final int AT_ONCE = 16;

  /** Tells a program how mail announces its client to the member: {@code proxy-v1}. */
  private static final String ANNOUNCE = "POSTHOUSE_ANNOUNCE";

  private final Ticker ticker;
  private final Semaphore permits = new Semaphore(AT_ONCE);
  private final Set<Script> running = ConcurrentHashMap.newKeySet();

  ExecProbe(Ticker ticker) {
    this.ticker = ticker;
  }

  Outcome run(ProbeOrder order, InetSocketAddress address) {
    DialogueLog log = new DialogueLog();
    ProbeResult result;
    try {
      if (permits.tryAcquire(order.monitor().timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          result = ask(order, address, log);
        } finally {
          permits.release();
        }
      } else {
        result = inconclusive("%d programs run already".formatted(AT_ONCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result = inconclusive("stopped");
    }
    log.note(result.reason());
    return Outcome.of(result, log);
  }

  @Override
  public void close() {
    running.forEach(Script::kill);
  }

  private ProbeResult ask(ProbeOrder order, InetSocketAddress address, DialogueLog log)
      throws InterruptedException {
    Monitor monitor = order.monitor();
    List<String> command = monitor.command() == null ? List.of() : monitor.command();
    Optional<String> obstacle = obstacle(command);
    if (obstacle.isPresent()) {
      return inconclusive("monitor misconfigured: " + obstacle.get());
    }
    List<String> full = new ArrayList<>(command);
    // A literal as it stands in the file: Java would write out the zeros of IPv6.
    boolean literal = order.address().isLiteral();
    full.add(literal ? order.address().host() : address.getAddress().getHostAddress());
    full.add(String.valueOf(address.getPort()));
    full.add(String.valueOf(Math.max(1, monitor.timeout().toSeconds())));
    log.note("running " + String.join(" ", full));
    Script script;
    try {
      script = Script.start(full, Map.of(ANNOUNCE, Spelled.of(order.spokenAnnounce())));
    } catch (IOException e) {
      return inconclusive(
          "monitor misconfigured: cannot run " + command.getFirst() + ": " + Failures.phrase(e));
    }
    return outcome(script, monitor.timeout());
  }

  private ProbeResult outcome(Script script, Duration timeout) throws InterruptedException {
    running.add(script);
    try {
      boolean ended = script.await(timeout, ticker);
      String line = script.firstLine();
      if (!ended) {
        String said = line.isEmpty() ? "" : ", it said: " + line;
        return new ProbeResult.Failed(
            ProbeStep.PROGRAM, "not finished in " + Failures.phrase(timeout) + said);
      }
      return judge(script.exitCode(), line);
    } finally {
      script.kill();
      running.remove(script);
    }
  }

  private static ProbeResult judge(int exitCode, String line) {
    if (exitCode == 0) {
      return new ProbeResult.Passed(line.isEmpty() ? "exit code 0" : line);
    }
    String reason = line.isEmpty() ? "exit code " + exitCode : line;
    if (exitCode == 126 || exitCode == 127) {
      return inconclusive(
          "monitor misconfigured: program cannot be run, exit code %d: %s"
              .formatted(exitCode, reason));
    }
    return new ProbeResult.Failed(ProbeStep.PROGRAM, reason);
  }

  private static ProbeResult inconclusive(String reason) {
    return new ProbeResult.Inconclusive(ProbeStep.PROGRAM, reason);
  }

  /** Why the program cannot be run, found out before a wrapper hides the reason. */
  private static Optional<String> obstacle(List<String> command) {
    if (command.isEmpty()) {
      return Optional.of("it names no command");
    }
    String program = command.getFirst();
    if (program.indexOf('/') < 0) {
      return Script.onPath(program).isPresent()
          ? Optional.empty()
          : Optional.of(program + " is not on the PATH; write its full path");
    }
    Path path = new File(program).toPath();
    if (!Files.exists(path)) {
      return Optional.of(program + " does not exist");
    }
    return Files.isRegularFile(path) && Files.isExecutable(path)
        ? Optional.empty()
        : Optional.of(program + " is not executable for this user; chmod +x it");
  }
}
