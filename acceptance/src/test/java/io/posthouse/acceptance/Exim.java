package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Exim with directories of its own. What it accepts from its port stays in its queue; what
 * is submitted goes out at once.
 */
final class Exim implements AutoCloseable, Keeper {
  private static final String USER = "Debian-exim";
  private static final Pattern TROUBLE =
      Pattern.compile(
          "error|lost|unexpected|rejected|refused|incomplete|timeout|panic|warning|dropped|too many"
              + "|failed|aborted|deferred|==",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TAKEN = Pattern.compile(" <= (\\S+) H=[^\\[]*\\[([^]]+)] ");

  private final Path folder;
  private final String name;
  private final int port = Ports.free();
  private final int tlsPort = Ports.free();
  private final Namespace namespace;
  private final Path program;
  private final Daemon daemon;

  private Exim(
      Path folder,
      String name,
      Network network,
      Map<String, Integer> routes,
      List<String> main,
      List<String> client)
      throws IOException {
    this.folder = folder;
    this.name = name;
    program = Lab.peer("exim4-daemon-heavy/usr/sbin/exim4");
    namespace = new Namespace(folder, USER);
    namespace.give(folder, USER);
    Files.writeString(config(), configuration(routes, main, client));
    daemon = Daemon.start(folder.resolve("output.log"), Map.of(), network.command(command("-bdf")));
  }

  /**
   * Starts one.
   *
   * @param network where it runs
   * @param routes to which port of 127.0.0.1 it sends submitted mail for a domain
   * @param main further settings of its own
   * @param client further settings of how it sends
   */
  static Exim start(
      Path folder,
      String name,
      Network network,
      Map<String, Integer> routes,
      List<String> main,
      List<String> client) {
    try {
      Exim exim = new Exim(folder, name, network, routes, main, client);
      try {
        network.awaitServer(exim.port);
      } catch (RuntimeException e) {
        exim.close();
        throw new AssertionError("Exim does not answer: " + exim.daemon.lines(), e);
      }
      return exim;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration(
      Map<String, Integer> routes, List<String> main, List<String> client) {
    return """
    primary_hostname = %2$s.acceptance.test
    exim_path = %4$s
    spool_directory = %1$s/spool
    log_file_path = %1$s/%%s.log
    pid_file_path = %1$s/spool/exim.pid
    local_interfaces = 127.0.0.1
    daemon_smtp_ports = %3$d : %6$d
    tls_on_connect_ports = %6$d
    keep_environment =
    host_lookup =
    rfc1413_hosts =
    queue_only
    deliver_drop_privilege
    acl_smtp_rcpt = accept control = dkim_disable_verify
    log_selector = +lost_incoming_connection +pipelining +smtp_connection +smtp_protocol_error +smtp_syntax_error
    %7$s

    begin routers
    routes:
      driver = manualroute
      route_list = %5$s
      self = send
      transport = smtp

    begin transports
    smtp:
      driver = smtp
    %8$s
    """
        .formatted(
            folder,
            name,
            port,
            program,
            routes.entrySet().stream()
                .map(route -> route.getKey() + " 127.0.0.1::" + route.getValue())
                .collect(Collectors.joining(" ; ")),
            tlsPort,
            String.join("\n", main),
            String.join("\n", client));
  }

  private Path config() {
    return folder.resolve("exim.conf");
  }

  private List<String> command(String... options) {
    List<String> words = new ArrayList<>(List.of(program.toString(), "-C", config().toString()));
    words.addAll(List.of(options));
    return namespace.command(words.toArray(String[]::new));
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
    return "127.0.0.1:" + tlsPort;
  }

  @Override
  public List<Mail> kept() {
    Path input = folder.resolve("spool/input");
    if (!Files.exists(input)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(input)) {
      return files.filter(each -> each.toString().endsWith("-H")).map(Exim::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a message from its two files: the first has the sender in its third line and, after an
   * empty one, header lines with their lengths; the second the body after one line.
   */
  private static Mail read(Path envelope) {
    try {
      String head = Files.readString(envelope, StandardCharsets.ISO_8859_1);
      Path data = Path.of(envelope.toString().replaceFirst("-H$", "-D"));
      String body = Files.readString(data, StandardCharsets.ISO_8859_1);
      StringBuilder mail = new StringBuilder();
      int at = head.indexOf("\n\n") + 2;
      while (at < head.length()) {
        int length = Integer.parseInt(head.substring(at, at + 3));
        // A star marks a line that Exim has replaced by another.
        if (head.charAt(at + 3) != '*') {
          mail.append(head, at + 5, at + 5 + length);
        }
        at += 5 + length;
      }
      String sender = head.lines().skip(2).findFirst().orElseThrow(AssertionError::new);
      return Mail.kept(
          sender.substring(1, sender.length() - 1),
          mail.append('\n').append(body.substring(body.indexOf('\n') + 1)).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it logged about its mail and its connections. */
  List<String> log() {
    try {
      return Files.readAllLines(folder.resolve("main.log"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The client that it logged for each message, by sender. */
  Map<String, String> clients() {
    Map<String, String> clients = new HashMap<>();
    for (String line : log()) {
      Matcher taken = TAKEN.matcher(line);
      if (taken.find()) {
        clients.put(taken.group(1), taken.group(2));
      }
    }
    return clients;
  }

  @Override
  public List<String> complaints() {
    return log().stream().filter(line -> TROUBLE.matcher(line).find()).toList();
  }

  @Override
  public boolean isIdle() {
    List<String> log =
        log().stream().filter(line -> line.contains(" SMTP connection from ")).toList();
    return log.stream().filter(line -> line.contains("(TCP/IP connection count")).count() * 2
        == log.size();
  }

  /** Hands a mail to it as a local program would, and waits until it has sent it on. */
  void submit(String from, String to, Path mail) {
    List<String> words =
        new ArrayList<>(List.of("sh", "-c", "in=$1; shift; exec \"$@\" < \"$in\""));
    words.addAll(List.of("sh", mail.toString()));
    words.addAll(command("-odi", "-i", "-f", from, to));
    Commands.run(Duration.ofMinutes(1), Map.of(), words).good();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
