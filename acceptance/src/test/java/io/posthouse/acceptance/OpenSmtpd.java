package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real OpenSMTPD that sees a {@code /var} of its own. What it accepts stays in its queue. */
final class OpenSmtpd implements AutoCloseable, Keeper {
  /** But for what it says of itself when it starts with an empty spool. */
  private static final Pattern TROUBLE =
      Pattern.compile(
          "disconnected reason=(?!quit)|warn: (?!purge_task)|error|fatal|failed|exiting",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern CLIENT =
      Pattern.compile("(\\w+) smtp (?:connected|event=proxy) address=\\[?([^] ]+)");
  private static final Pattern TAKEN = Pattern.compile("(\\w+) smtp envelope .*from=<([^>]+)>");

  private final Path queue;
  private final String name;
  private final int port = Ports.free();
  private final Daemon daemon;

  private OpenSmtpd(Path folder, String name, Network network, String option) throws IOException {
    this.name = name;
    Path spool = Files.createDirectories(folder.resolve("var/spool/smtpd"));
    Files.setPosixFilePermissions(spool, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectories(folder.resolve("var/lib/opensmtpd/empty"));
    Files.createDirectory(folder.resolve("var/run"));
    queue = spool.resolve("queue");
    Path config =
        Files.writeString(
            folder.resolve("smtpd.conf"),
            """
            listen on 127.0.0.1 port %d hostname %s.acceptance.test %s
            action "keep" relay host "smtp://127.0.0.1:1"
            match from any for any action "keep"
            """
                .formatted(port, name, option));
    Namespace namespace =
        new Namespace(folder, "opensmtpd", "opensmtpq").seeing(folder.resolve("var"), "/var");
    // "-P mta": nothing leaves the queue.
    daemon =
        Daemon.start(
            folder.resolve("smtpd.log"),
            Map.of(),
            network.command(
                namespace.command(
                    Lab.peer("opensmtpd/usr/sbin/smtpd").toString(),
                    "-d",
                    "-P",
                    "mta",
                    "-f",
                    config.toString())));
  }

  /**
   * Starts one.
   *
   * @param network where it runs
   * @param option a word for its listener, such as proxy-v2, or nothing
   */
  static OpenSmtpd start(Path folder, String name, Network network, String option) {
    try {
      OpenSmtpd smtpd = new OpenSmtpd(folder, name, network, option);
      try {
        network.awaitServer(smtpd.port);
      } catch (RuntimeException e) {
        smtpd.close();
        throw new AssertionError("OpenSMTPD does not answer: " + smtpd.daemon.lines(), e);
      }
      return smtpd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public String addressInTls() {
    throw new AssertionError("it has no certificate");
  }

  @Override
  public List<Mail> kept() {
    try (Stream<Path> files = Files.walk(queue)) {
      return files.filter(each -> each.endsWith("message")).map(OpenSmtpd::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a message, and the sender from the envelope of a recipient, which lies beside it. */
  private static Mail read(Path message) {
    try (Stream<Path> beside = Files.list(message.getParent())) {
      Path envelope =
          beside.filter(each -> !each.equals(message)).findFirst().orElseThrow(AssertionError::new);
      String sender =
          Files.readAllLines(envelope).stream()
              .filter(line -> line.startsWith("sender: "))
              .findFirst()
              .orElseThrow(AssertionError::new)
              .substring("sender: ".length());
      return Mail.kept(sender, Files.readString(message, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The client that it logged for each message, by sender. */
  Map<String, String> clients() {
    Map<String, String> clientOf = new HashMap<>();
    Map<String, String> clients = new HashMap<>();
    for (String line : daemon.lines()) {
      Matcher client = CLIENT.matcher(line);
      Matcher taken = TAKEN.matcher(line);
      if (client.find()) {
        clientOf.put(client.group(1), client.group(2));
      } else if (taken.find()) {
        clients.put(taken.group(2), clientOf.get(taken.group(1)));
      }
    }
    return clients;
  }

  @Override
  public List<String> complaints() {
    return daemon.lines().stream().filter(line -> TROUBLE.matcher(line).find()).toList();
  }

  @Override
  public boolean isIdle() {
    List<String> log = daemon.lines();
    return log.stream().filter(line -> line.contains(" smtp connected ")).count()
        == log.stream().filter(line -> line.contains(" smtp disconnected ")).count();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
