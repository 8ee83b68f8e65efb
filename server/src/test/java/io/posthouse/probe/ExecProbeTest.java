package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.testkit.MachineClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExecProbeTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(1200);

  @TempDir private Path directory;

  private Path script(String body) throws IOException {
    Path file = Files.createTempFile(directory, "check", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  private ProbeResult run(Duration timeout, String... command) {
    return run(Orders.to(new Endpoint("10.1.1.21", 25), Orders.exec(timeout, command)));
  }

  private static ProbeResult run(ProbeOrder order) {
    try (ExecProbe probe = new ExecProbe(new MachineClock())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.ofLiteral("10.1.1.21"), order.port());
      return probe.run(order, address).result();
    }
  }

  private ProbeResult run(Duration timeout, String body) throws IOException {
    return run(timeout, new String[] {script(body).toString(), "--fast"});
  }

  private static ProbeResult failed(String reason) {
    return new ProbeResult.Failed(ProbeStep.PROGRAM, reason);
  }

  @Test
  void tellsHowMailIsAnnounced() throws IOException {
    ProbeOrder order =
        Orders.to(
            new Endpoint("10.1.1.21", 25),
            Orders.exec(LONG, script("echo $POSTHOUSE_ANNOUNCE").toString()));
    assertThat(run(order)).isEqualTo(new ProbeResult.Passed("none"));
    assertThat(run(Orders.announced(order, Announce.PROXY_V2)))
        .isEqualTo(new ProbeResult.Passed("proxy-v2"));
  }

  @Test
  void givesArgumentsAddressPortAndTimeoutInSeconds() throws IOException {
    assertThat(run(LONG, "echo $# $1 $2 $3 $4"))
        .isEqualTo(new ProbeResult.Passed("4 --fast 10.1.1.21 25 20"));
  }

  @Test
  void theExitCodeDecidesAndTheFirstLineIsTheReason() throws IOException {
    assertThat(run(LONG, "echo queue is long; echo second; exit 2"))
        .isEqualTo(failed("queue is long"));
    assertThat(run(LONG, "exit 3")).isEqualTo(failed("exit code 3"));
    assertThat(run(LONG, "exit 0")).isEqualTo(new ProbeResult.Passed("exit code 0"));
    assertThat(run(LONG, "printf 'no\\033[2J line end'; exit 1"))
        .isEqualTo(failed("no\\x1b[2J line end"));
  }

  @Test
  void aProgramKilledByASignalHasFailed() throws IOException {
    assertThat(run(LONG, "kill -9 $$")).isEqualTo(failed("exit code 137"));
  }

  @Test
  void inputIsEmptyAndErrorsGoNowhere() throws IOException {
    assertThat(run(LONG, "cat; echo oops >&2; echo read"))
        .isEqualTo(new ProbeResult.Passed("read"));
  }

  @Test
  void aSlowProgramIsKilledWithAllThatItStarted() throws Exception {
    Path pids = directory.resolve("pids");
    String body = "sleep 300 & echo $! > " + pids + "\n(sleep 301 & echo $! >> " + pids + ")\n";
    assertThat(run(SHORT, body + "echo $$ >> " + pids + "; echo hm; sleep 302"))
        .isEqualTo(failed("not finished in 1200 ms, it said: hm"));
    noneLeft(pids, 3);
  }

  @Test
  void whatAFinishedProgramLeavesBehindIsKilled() throws Exception {
    Path pids = directory.resolve("pids");
    assertThat(run(LONG, "sleep 300 & echo $! > " + pids + "\necho fine"))
        .isEqualTo(new ProbeResult.Passed("fine"));
    noneLeft(pids, 1);
  }

  @Test
  void aDaemonThatKeepsTheOutputOpenHoldsNobody() throws Exception {
    Path pids = directory.resolve("pids");
    assertThat(run(LONG, "setsid sleep 300 & echo $! > " + pids + "\necho fine"))
        .isEqualTo(new ProbeResult.Passed("fine"));
    for (String pid : Files.readAllLines(pids)) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static void noneLeft(Path pids, int count) throws Exception {
    List<String> lines = Files.readAllLines(pids);
    assertThat(lines).hasSize(count);
    for (String pid : lines) {
      Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(pid));
      if (handle.isPresent()) {
        handle.get().onExit().get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aFloodOfOutputIsBounded() throws IOException {
    ProbeResult result = run(LONG, "while :; do echo flood flood flood; done");
    assertThat(result).isInstanceOf(ProbeResult.Failed.class);
    assertThat(result.reason()).contains("flood flood flood");
    assertThat(run(LONG, "head -c 100000 /dev/zero | tr '\\0' x; exit 1").reason())
        .hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void aProgramThatCannotBeRunSaysNothingOfTheMember() throws IOException {
    Path plain = Files.createFile(directory.resolve("plain"));
    assertThat(
            Stream.of(
                run(LONG, "/nowhere/check", "x"),
                run(LONG, "no-such-program-anywhere", "x"),
                run(LONG, plain.toString(), "x"),
                run(LONG, new String[0]),
                run(LONG, "no-such-command-anywhere")))
        .allSatisfy(result -> {
          assertThat(result).isInstanceOf(ProbeResult.Inconclusive.class);
          assertThat(result.reason()).startsWith("monitor misconfigured: ");
        });
    assertThat(run(LONG, "/nowhere/check", "x").reason())
        .isEqualTo("monitor misconfigured: /nowhere/check does not exist");
  }

  @Test
  void manyAtOnceWaitForEachOther() throws Exception {
    Path file = script("sleep 0.2; echo $1 $2");
    ProbeOrder order = Orders.to(new Endpoint("::1", 25), Orders.exec(LONG, file.toString()));
    try (ExecProbe probe = new ExecProbe(new MachineClock())) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("::1"), 25);
      List<ProbeResult> results = new CopyOnWriteArrayList<>();
      List<Thread> threads =
          IntStream.range(0, 2 * ExecProbe.AT_ONCE)
              .mapToObj(i ->
                  Thread.ofVirtual().start(() -> results.add(probe.run(order, address).result())))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(results)
          .hasSize(2 * ExecProbe.AT_ONCE)
          .containsOnly(new ProbeResult.Passed("::1 25"));
    }
  }
}
