package io.posthouse.bench;

import io.posthouse.bench.compare.Bench;
import io.posthouse.bench.compare.OpenFiles;
import io.posthouse.bench.compare.Report;
import io.posthouse.bench.compare.Scenario;
import io.posthouse.bench.compare.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command that measures Posthouse beside HAProxy.
 *
 * <p>Exit code 0 when it ran, whatever came out, 1 when it could not run, 2 for wrong usage.
 */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures Posthouse beside HAProxy, both before the same two sinks.")
public final class Comparison implements Callable<Integer> {

  @Option(names = "--rounds", defaultValue = "20", description = "Pairs of rounds of each scenario")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "5", description = "How long a loaded round takes")
  private double seconds;

  @Option(
      names = "--quick",
      description = "A smoke run of two minutes without TLS; its figures mean nothing")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      description = "Only these, or all of a group (tcp, smtp, tls): docs/benchmark.md lists them")
  private List<String> only = List.of();

  @Option(names = "--also", split = ",", description = "Beside the usual ones: smtp-source")
  private List<String> also = List.of();

  @Option(names = "--sessions", defaultValue = "50", description = "Concurrent 4 KiB sessions")
  private int sessions;

  @Option(names = "--large-sessions", defaultValue = "4", description = "Concurrent 20 MB sessions")
  private int largeSessions;

  @Option(names = "--idle-links", defaultValue = "5000", description = "Idle links")
  private int idleLinks;

  @Option(names = "--threads", defaultValue = "2", description = "Threads of each balancer")
  private int threads;

  @Option(
      names = "--warmup-sessions",
      defaultValue = "40000",
      description = "The warm-up of a balancer ends after so many sessions,")
  private long warmupSessions;

  @Option(names = "--warmup-seconds", defaultValue = "20", description = "or after this time")
  private double warmupSeconds;

  @Option(
      names = "--posthouse-command",
      defaultValue = "",
      description =
          "Run this as Posthouse; {config}, {haproxy-config}, {listen}, {member1} and {member2}"
              + " are replaced")
  private String posthouseCommand = "";

  @Option(names = "--repository", defaultValue = ".", description = "The root of the source tree")
  private Path repository = Path.of(".");

  @Option(
      names = "--output",
      defaultValue = "bench/target/comparison.json",
      description = "Where the JSON goes")
  private Path output = Path.of("comparison.json");

  @Option(names = "--keep", description = "Keep logs and configurations")
  private boolean keep;

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Comparison()).setOverwrittenOptionsAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings;
    try {
      settings = settings();
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("compare: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    try {
      Report report = new Bench(settings, text -> System.err.println("compare: " + text)).run();
      System.out.print(report.text());
      write(report);
      return 0;
    } catch (IOException e) {
      System.err.println("compare: " + e.getMessage());
      return 1;
    }
  }

  private void write(Report report) throws IOException {
    Path folder = output.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(output, mapper.writeValueAsString(report.toMap()) + "\n");
    System.out.println("Every round is in " + output);
  }

  private Settings settings() throws IOException {
    if (rounds < 1 || !(seconds > 0) || sessions < 1 || largeSessions < 1 || idleLinks < 1) {
      throw new IllegalArgumentException("rounds, seconds, sessions and links are above zero");
    }
    // A link takes two descriptors of a balancer, and some are for itself.
    int most = (int) Math.min(100_000, (OpenFiles.hardLimit() - 600) / 2);
    int links = Math.min(quick ? Math.min(500, idleLinks) : idleLinks, most);
    if (links < 1) {
      throw new IllegalArgumentException("too few open files are allowed: raise ulimit -Hn");
    }
    if (links < idleLinks && !quick) {
      System.err.println(
          "compare: %d idle links, not %d: raise ulimit -Hn".formatted(links, idleLinks));
    }
    return new Settings(
        repository.toAbsolutePath().normalize(),
        posthouseCommand,
        scenarios(),
        quick ? Math.min(2, rounds) : rounds,
        quick ? Duration.ofSeconds(1) : Duration.ofMillis((long) (seconds * 1_000)),
        quick ? Math.min(2_000, warmupSessions) : warmupSessions,
        quick ? Duration.ofSeconds(2) : Duration.ofMillis((long) (warmupSeconds * 1_000)),
        sessions,
        largeSessions,
        links,
        threads,
        keep);
  }

  private Set<Scenario> scenarios() {
    Set<Scenario> set = EnumSet.noneOf(Scenario.class);
    only.forEach(name -> set.addAll(Scenario.named(name)));
    if (set.isEmpty()) {
      set.addAll(quick ? Scenario.quick() : Scenario.usual());
    }
    also.forEach(name -> set.addAll(Scenario.named(name)));
    return set;
  }
}
