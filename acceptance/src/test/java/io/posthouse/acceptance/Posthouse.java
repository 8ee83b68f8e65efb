package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A Posthouse that runs as a process of its own, started by its launcher. */
final class Posthouse implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Path launcher;
  private final Path file;
  private final int adminPort;
  private final List<String> before;
  private final Path output;
  private @Nullable Daemon daemon;

  /**
   * One that is not started yet.
   *
   * @param launcher the command posthouse
   * @param before words before the command line: another user, other limits
   */
  Posthouse(Path launcher, Path folder, Config config, List<String> before) {
    this.launcher = launcher;
    this.before = before;
    file = folder.resolve("posthouse.yaml");
    output = folder.resolve("posthouse.log");
    adminPort = config.adminPort();
    write(config.text());
  }

  /** The one of the checkout under test. */
  static Posthouse installed(Path folder, Config config) {
    return new Posthouse(Lab.repository().resolve("posthouse"), folder, config, List.of());
  }

  /** Starts it without waiting. */
  Daemon start() {
    Daemon next = Daemon.start(output, Map.of(), line(List.of("run", "-c", file.toString())));
    daemon = next;
    return next;
  }

  /** Starts it and waits until it serves and its API answers. */
  Posthouse started() {
    Daemon mine = start();
    await("Posthouse is ready")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !mine.isAlive() || answers("/readyz"));
    if (!mine.isAlive()) {
      throw new AssertionError("Posthouse ended: " + String.join("\n", mine.lines()));
    }
    return this;
  }

  /** The same in a network where its API cannot be reached from here: by its log. */
  Posthouse startedElsewhere() {
    Daemon mine = start();
    await("Posthouse is ready")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !mine.isAlive() || !log("Posthouse is ready").isEmpty());
    if (!mine.isAlive()) {
      throw new AssertionError("Posthouse ended: " + String.join("\n", mine.lines()));
    }
    return this;
  }

  /** Its process. */
  Daemon daemon() {
    Daemon running = daemon;
    if (running == null) {
      throw new AssertionError("not started");
    }
    return running;
  }

  /** What the JDK's diagnostic command says of its process: {@code GC.run}. */
  String jcmd(String command) {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return Commands.run(program, String.valueOf(daemon().pid()), command).good().out();
  }

  /** Its log. */
  List<String> log() {
    return daemon().lines();
  }

  /** Log lines with this text. */
  List<String> log(String text) {
    return log().stream().filter(line -> line.contains(text)).toList();
  }

  /** The configuration file. */
  Path file() {
    return file;
  }

  /** Writes the configuration file. */
  void write(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one of its commands with {@code -c FILE} at the end. */
  Commands.Ended command(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("-c");
    all.add(file.toString());
    return Commands.run(Duration.ofMinutes(2), Map.of(), line(all));
  }

  private List<String> line(List<String> words) {
    List<String> all = new ArrayList<>(before);
    all.add(launcher.toString());
    all.addAll(words);
    return all;
  }

  /** The status, by its API. */
  JsonNode status() {
    return JSON.readTree(get("/api/v1/status").body());
  }

  /** A member in the status. */
  JsonNode member(String name) {
    for (JsonNode member : status().get("pools").get(0).get("members")) {
      if (member.get("name").asString().equals(name)) {
        return member;
      }
    }
    throw new AssertionError("no member " + name);
  }

  /** The effective state of a member. */
  String effective(String member) {
    return member(member).get("effective-state").asString();
  }

  /** Its first virtual server in the status. */
  JsonNode virtualServer() {
    return status().get("virtual-servers").get(0);
  }

  /** The number of the configuration in effect. */
  long generation() {
    return status().get("generation").asLong();
  }

  /** Drains, disables or enables a member, by its API. */
  void administer(String member, String verb) {
    HttpResponse<String> answer =
        send(
            api("/api/v1/pools/hub/members/" + member + "/" + verb)
                .POST(HttpRequest.BodyPublishers.noBody()));
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }

  /** Has the file read by SIGHUP and waits until that was told, whatever came of it. */
  void hangUp() {
    int before = log("author=SIGHUP").size();
    daemon().signal("HUP");
    await("SIGHUP is answered")
        .atMost(Duration.ofSeconds(30))
        .until(() -> log("author=SIGHUP").size() > before);
  }

  /** A metric without labels. */
  double metric(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  private boolean answers(String path) {
    try {
      return get(path).statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) {
    return send(path.startsWith("/api/") ? api(path) : request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpRequest.Builder api(String path) {
    try {
      String token = Files.readString(tokenFile()).trim();
      return request(path).header("Authorization", "Bearer " + token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file with the administrator's token. */
  Path tokenFile() {
    return file.resolveSibling("posthouse.state").resolve("admin.token");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (daemon != null) {
      daemon.signalIfAlive("TERM");
      daemon.signalIfAlive("TERM");
      daemon.close();
    }
  }
}
