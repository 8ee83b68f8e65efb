package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A run of {@code bench/load}: sessions, idle links and bad peers, counted. */
final class Load implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Daemon daemon;

  private Load(Daemon daemon) {
    this.daemon = daemon;
  }

  /** Starts one; without {@code --duration} or {@code --count} it goes on until {@link #end}. */
  static Load start(Lab lab, int port, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Lab.repository().resolve("bench/load").toString());
    command.add("127.0.0.1:" + port);
    command.addAll(List.of(options));
    command.addAll(List.of("--json", "--strict"));
    if (!command.contains("--duration") && !command.contains("--count")) {
      command.addAll(List.of("--duration", "0s"));
    }
    Path output = lab.folder().resolve("load-" + Ports.free() + ".log");
    return lab.keep(new Load(Daemon.start(output, Map.of(), command)));
  }

  /** Whether it still runs. */
  boolean isRunning() {
    return daemon.isAlive();
  }

  /** Ends it in order: sessions that run end by themselves. Its result. */
  Result end() {
    daemon.signalIfAlive("TERM");
    return finish(Duration.ofSeconds(60));
  }

  /** Waits until it has ended by itself. Its result. */
  Result finish(Duration bound) {
    await("the load run ends").atMost(bound).until(() -> !daemon.isAlive());
    String said = String.join("\n", daemon.lines());
    int begin = said.indexOf('{');
    if (begin < 0) {
      throw new AssertionError("the load run has no result: " + said);
    }
    return new Result(JSON.readTree(said.substring(begin, said.lastIndexOf('}') + 1)));
  }

  @Override
  public void close() {
    daemon.close();
  }

  /** What a run came to. */
  record Result(JsonNode json) {
    long ok() {
      return json.get("sessions").get("ok").asLong();
    }

    long failed() {
      return json.get("sessions").get("failed").asLong();
    }

    double p99() {
      return json.get("session-latency-ms").get("p99").asDouble();
    }

    double p50() {
      return json.get("session-latency-ms").get("p50").asDouble();
    }

    /** Bad links of all kinds that were opened. */
    long badOpened() {
      long opened = 0;
      for (JsonNode kind : json.get("bad-peers")) {
        opened += kind.get("opened").asLong();
      }
      return opened;
    }

    @Override
    public String toString() {
      return json.toString();
    }
  }
}
