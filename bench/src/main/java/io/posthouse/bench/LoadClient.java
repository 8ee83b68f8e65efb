package io.posthouse.bench;

import io.posthouse.bench.load.BadKind;
import io.posthouse.bench.load.LoadPlan;
import io.posthouse.bench.load.LoadResult;
import io.posthouse.bench.load.LoadRun;
import io.posthouse.bench.load.MailShape;
import io.posthouse.bench.load.SessionLoad;
import io.posthouse.bench.load.SourceAddresses;
import io.posthouse.bench.load.TlsLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command that puts SMTP load on an address: good sessions, idle links and bad peers at once.
 *
 * <p>SIGINT and SIGTERM end the run early, in order, and its result is printed all the same.
 */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Puts SMTP load on an address and counts what fails, and where.")
public final class LoadClient implements Callable<Integer> {

  @Parameters(paramLabel = "ADDRESS:PORT", description = "The target; IPv6 in brackets")
  private String target = "";

  @Option(
      names = "--sessions",
      defaultValue = "50",
      description = "Good sessions at a time; 0: none")
  private int sessions;

  @Option(names = "--count", defaultValue = "0", description = "End after this many good sessions")
  private long count;

  @Option(
      names = "--duration",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "End after this time: 500ms, 10s, 5m; 0s: only at --count or at a signal")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--messages-per-link",
      defaultValue = "1",
      description = "Messages a session sends")
  private int messages;

  @Option(names = "--pipelining", description = "MAIL, RCPT and DATA in one write (RFC 2920)")
  private boolean pipelining;

  @Option(
      names = "--size",
      defaultValue = "4KiB",
      converter = SizeConverter.class,
      description = "Octets of a message: 4096, 4KiB, 20MB")
  private int size;

  @Option(
      names = "--tls",
      paramLabel = "starttls|implicit",
      description = "Sessions in TLS; any certificate is trusted")
  private String tls = "";

  @Option(
      names = "--tls-sessions",
      paramLabel = "full|resumed",
      description = "A full handshake for each session (default), or those before are resumed")
  private String tlsSessions = "";

  @Option(
      names = "--tls-version",
      paramLabel = "1.2|1.3",
      description = "The one version that is offered; 1.3 by default")
  private String tlsVersion = "";

  @Option(names = "--rate", defaultValue = "0", description = "Most sessions started in a second")
  private double rate;

  @Option(names = "--idle", defaultValue = "0", description = "Links that read the banner and hold")
  private int idle;

  @Option(
      names = "--bad",
      arity = "2",
      paramLabel = "KIND N",
      description =
          "N bad peers beside the others: silent, trickle, reset, flood or handshake; repeatable")
  private String[] bad = {};

  @Option(
      names = "--bad-hold",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long a bad peer keeps a link before it opens another")
  private Duration badHold = Duration.ZERO;

  @Option(
      names = "--bad-pause",
      defaultValue = "200ms",
      converter = DurationConverter.class,
      description = "How long a bad peer rests after its link has ended, before it opens another")
  private Duration badPause = Duration.ZERO;

  @Option(
      names = "--source",
      description = "Addresses to come from: 127.0.1.0/24, or a list with commas")
  private String source = "";

  @Option(
      names = "--timeout",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long each step of a session may take")
  private Duration timeout = Duration.ZERO;

  @Option(names = "--threads", defaultValue = "2", description = "Threads of the client")
  private int threads;

  @Option(names = "--helo", defaultValue = "load.example.com", description = "The name in EHLO")
  private String helo = "";

  @Option(names = "--from", defaultValue = "sender@example.com", description = "The sender")
  private String from = "";

  @Option(names = "--to", defaultValue = "recipient@example.net", description = "The recipient")
  private String to = "";

  @Option(names = "--json", description = "The result as JSON")
  private boolean json;

  @Option(names = "--strict", description = "Exit 1 when a good session or an idle link failed")
  private boolean strict;

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new LoadClient()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadPlan plan;
    try {
      plan = plan();
    } catch (IllegalArgumentException e) {
      System.err.println("load: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    CompletableFuture<Integer> status = new CompletableFuture<>();
    LoadRun run = LoadRun.start(plan);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(run, status, plan.timeout())));
    try {
      LoadResult result = run.await();
      print(plan, result);
      System.out.flush();
      status.complete(strict && !result.isClean() ? 1 : 0);
    } finally {
      status.complete(1);
    }
    return status.join();
  }

  private LoadPlan plan() {
    if (duration.isZero() && count == 0) {
      System.err.println("load: no --duration and no --count: running until a signal comes");
    }
    return new LoadPlan(
        Addresses.parse(target),
        source.isEmpty() ? SourceAddresses.ANY : SourceAddresses.parse(source),
        threads,
        duration,
        timeout,
        new SessionLoad(sessions, count, messages, rate),
        new MailShape(size, helo, from, to, pipelining),
        idle,
        badPeers(),
        badHold,
        badPause,
        tls());
  }

  private @Nullable TlsLoad tls() {
    if (!tls.isEmpty()) {
      return TlsLoad.parse(
          tls,
          tlsSessions.isEmpty() ? "full" : tlsSessions,
          tlsVersion.isEmpty() ? "1.3" : tlsVersion);
    }
    if (!tlsSessions.isEmpty() || !tlsVersion.isEmpty()) {
      throw new IllegalArgumentException("--tls-sessions and --tls-version need --tls");
    }
    return null;
  }

  private Map<BadKind, Integer> badPeers() {
    Map<BadKind, Integer> peers = new EnumMap<>(BadKind.class);
    for (int i = 0; i + 1 < bad.length; i += 2) {
      peers.merge(badKind(bad[i]), badCount(bad[i + 1]), Integer::sum);
    }
    return peers;
  }

  private static BadKind badKind(String text) {
    for (BadKind kind : BadKind.values()) {
      if (kind.key().equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "--bad takes silent, trickle, reset, flood or handshake, not " + text);
  }

  private static int badCount(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--bad takes a kind and a number, not " + text, e);
    }
  }

  /** At a signal: the result is printed before the process goes, and decides the exit code. */
  private static void finish(LoadRun run, CompletableFuture<Integer> status, Duration timeout) {
    run.stop();
    try {
      int code = status.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
      // Without this a run that was ended by a signal could not tell good from bad.
      Runtime.getRuntime().halt(code);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("load: no end in time: " + e);
    }
  }

  private void print(LoadPlan plan, LoadResult result) {
    if (!json) {
      System.out.print(LoadSummary.of(plan, result));
      return;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("target", Addresses.format(plan.target()));
    map.putAll(result.toMap());
    System.out.println(
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(map));
  }
}
