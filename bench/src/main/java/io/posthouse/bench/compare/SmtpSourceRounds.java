package io.posthouse.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds driven by Debian's smtp-source instead of our own client, as a check of it.
 *
 * <p>A round is a number of messages, not a time; smtp-source stops at its first failure.
 */
final class SmtpSourceRounds implements Rounds {

  private static final int MESSAGES_PER_SECOND = 2_000;

  private final Settings settings;
  private final Sinks sinks;
  private final Children children;
  private final Path log;

  SmtpSourceRounds(Settings settings, Sinks sinks, Children children, Path folder) {
    this.settings = settings;
    this.sinks = sinks;
    this.children = children;
    this.log = folder.resolve("smtp-source.log");
  }

  @Override
  public Series.Round run(Balancer balancer) throws IOException, InterruptedException {
    long messages = Math.max(200, MESSAGES_PER_SECOND * settings.round().toMillis() / 1_000);
    Usage.Counters before = Usage.read(balancer.pid(), sinks.pids());
    Process process = children.start(command(balancer.address(), messages), log);
    int status = process.waitFor();
    Usage usage = Usage.between(before, Usage.read(balancer.pid(), sinks.pids()));
    children.end(process);
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(Measure.MESSAGES_PER_SECOND, messages / usage.seconds());
    figures.put(Measure.CPU_PER_MESSAGE, usage.balancer() / messages);
    List<String> troubles =
        status == 0 ? List.of() : List.of("smtp-source failed: " + Children.tail(log));
    return new Series.Round(figures, List.of(usage), troubles);
  }

  private List<String> command(InetSocketAddress address, long messages) {
    return List.of(
        "/usr/sbin/smtp-source",
        "-s",
        Integer.toString(settings.sessions()),
        "-m",
        Long.toString(messages),
        "-l",
        "4096",
        "-f",
        "sender@example.com",
        "-t",
        "recipient@example.net",
        "127.0.0.1:" + address.getPort());
  }
}
