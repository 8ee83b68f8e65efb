package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real OpenSMTPD that sees a {@code /var} of its own. What it accepts stays in its queue. */
final class OpenSmtpd implements AutoCloseable, Keeper {
  /** But for what it says of itself when it starts with an empty spool. */
  private static final Pattern TROUBLE =
      Pattern.compile(
          "disconnected reason=(?!quit)|warn: (?!purge_task)|error|fatal|failed|exiting",
          Pattern.CASE_INSENSITIVE);

  private final Path queue;
  private final String name;
  private final int port = Ports.free();
  private final Daemon daemon;

  private OpenSmtpd(Path folder, String name) throws IOException {
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
            listen on 127.0.0.1 port %d hostname %s.acceptance.test
            action "keep" relay host "smtp://127.0.0.1:1"
            match from any for any action "keep"
            """
                .formatted(port, name));
    Namespace namespace =
        new Namespace(folder, "opensmtpd", "opensmtpq").seeing(folder.resolve("var"), "/var");
    // "-P mta": nothing leaves the queue.
    daemon =
        Daemon.start(
            folder.resolve("smtpd.log"),
            Map.of(),
            namespace.command(
                Lab.peer("opensmtpd/usr/sbin/smtpd").toString(),
                "-d",
                "-P",
                "mta",
                "-f",
                config.toString()));
  }

  static OpenSmtpd start(Path folder, String name) {
    try {
      OpenSmtpd smtpd = new OpenSmtpd(folder, name);
      try {
        Talk.awaitBanner("127.0.0.1", smtpd.port, Duration.ofSeconds(20));
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
