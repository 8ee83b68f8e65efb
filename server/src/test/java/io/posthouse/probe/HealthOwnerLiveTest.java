package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberStatus;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.AliasPort;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The owner with the machine's clock, real sockets and real programs. */
@Timeout(60)
class HealthOwnerLiveTest {
  private static final MachineClock CLOCK = new MachineClock();

  private final BlockingQueue<Map<String, MemberStatus>> told = new LinkedBlockingQueue<>();

  private HealthOwner owner() {
    return new HealthOwner(
        host -> {
          throw new UnknownHostException(host);
        },
        Path.of("posthouse.yaml"),
        (pool, statuses) -> told.add(statuses),
        event -> {},
        CLOCK,
        CLOCK);
  }

  private static Monitor monitor(Monitor.Type type, AliasPort port, List<String> command) {
    return new Monitor(
        "m",
        type,
        Duration.ofMillis(100),
        Duration.ofSeconds(5),
        null,
        1,
        1,
        port,
        Depth.HELLO,
        null,
        null,
        null,
        command);
  }

  private void awaitState(EffectiveState state) throws InterruptedException {
    while (true) {
      Map<String, MemberStatus> statuses = told.poll(20, TimeUnit.SECONDS);
      assertThat(statuses).as("the next status while waiting for %s", state).isNotNull();
      MemberStatus status = statuses == null ? null : statuses.get("ex1");
      if (status != null && status.effective() == state) {
        return;
      }
    }
  }

  @Test
  void followsAMemberUpAndDown() throws Exception {
    ScriptedServer server =
        ScriptedServer.play("S: 220 mx\nC: EHLO lb\nS: 250 mx\nC: QUIT\nS: 221\nclose");
    AliasPort alias = new AliasPort(server.port());
    try (HealthOwner owner = owner()) {
      owner.reconfigure(
          Map.of("hub", Pools.hub(new Endpoint("127.0.0.1", 9), "m")),
          Map.of("m", monitor(Monitor.Type.SMTP, alias, List.of())),
          Map.of(),
          "lb");
      awaitState(EffectiveState.UP);
      assertThat(server.next().problems()).isEmpty();
      assertThat(server.next().cleanClose()).isTrue();
      server.close();
      awaitState(EffectiveState.DOWN);
    }
  }

  @Test
  void closeEndsRunningPrograms(@TempDir Path directory) throws Exception {
    Path pid = directory.resolve("pid");
    Path file = Files.createFile(directory.resolve("check"));
    Files.writeString(
        file,
        "#!/bin/sh\nsleep 300 & echo $! > " + pid + ".new\nmv " + pid + ".new " + pid + "\nwait\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    HealthOwner owner = owner();
    owner.reconfigure(
        Map.of("hub", Pools.hub(new Endpoint("127.0.0.1", 9), "m")),
        Map.of("m", monitor(Monitor.Type.EXEC, new AliasPort(0), List.of(file.toString()))),
        Map.of(),
        "lb");
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(pid));
    owner.close();
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(handle -> handle.onExit().orTimeout(20, TimeUnit.SECONDS).join());
  }
}
