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
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A real Postfix with directories of its own, listening on 127.0.0.1 and ::1, in a network of its
 * own on all addresses. What it accepts stays in its hold queue, unless its settings say otherwise.
 */
final class Postfix implements AutoCloseable, Keeper {
  /** For load: accepted mail is dropped, and told in the log, instead of kept. */
  static final String DISCARD = "smtpd_recipient_restrictions = permit";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TROUBLE =
      Pattern.compile(
          "warning|error|fatal|panic|lost connection|improper|timeout|too many|non-SMTP",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern CLIENT = Pattern.compile(" (\\w+): client=[^\\[]*\\[([^]]+)]");
  private static final Pattern MESSAGE_ID = Pattern.compile(" (\\w+): message-id=<([^>]+)>");

  private final Path folder;
  private final String name;
  private final Network network;
  private final int port = Ports.free();
  private final int tlsPort = Ports.free();
  private final int proxyPort = Ports.free();

  private Postfix(Path folder, String name, Network network) {
    this.folder = folder;
    this.name = name;
    this.network = network;
  }

  static Postfix start(Path folder, String name, Network network, List<String> settings) {
    Postfix postfix = new Postfix(folder, name, network);
    try {
      Path config = Files.createDirectory(folder.resolve("etc"));
      Files.createDirectory(folder.resolve("queue"));
      Files.writeString(config.resolve("main.cf"), postfix.main(settings));
      Files.writeString(config.resolve("master.cf"), postfix.master());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      postfix.startAgain();
    } catch (RuntimeException e) {
      postfix.close();
      throw new AssertionError("Postfix does not answer: " + postfix.log(), e);
    }
    return postfix;
  }

  private String main(List<String> settings) {
    return """
    compatibility_level = 3.6
    queue_directory = %1$s/queue
    data_directory = %1$s/data
    maillog_file = %1$s/mail.log
    maillog_file_prefixes = %1$s
    syslog_name = %2$s
    myhostname = %2$s.acceptance.test
    mydestination =
    mynetworks = 127.0.0.0/8 10.0.0.0/8 [::1]/128 [fd00::]/8
    inet_protocols = all
    inet_interfaces = all
    alias_maps =
    alias_database =
    local_recipient_maps =
    smtp_dns_support_level = disabled
    smtpd_peername_lookup = no
    smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
    smtpd_recipient_restrictions = check_recipient_access static:hold
    default_transport = discard
    relay_transport = discard
    local_transport = discard
    default_process_limit = 250
    notify_classes =
    %3$s
    """
        .formatted(folder, name, String.join("\n", settings));
  }

  private String master() {
    return """
    %1$s
    127.0.0.1:%2$d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
    127.0.0.1:%3$d inet n - n - - smtpd -o smtpd_upstream_proxy_protocol=haproxy
    pickup unix n - n 60 1 pickup
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    tlsmgr unix - - n 1000? 1 tlsmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    verify unix - - n - 1 verify
    flush unix n - n 1000? 0 flush
    proxymap unix - - n - - proxymap
    proxywrite unix - - n - 1 proxymap
    smtp unix - - n - - smtp
    relay unix - - n - - smtp
    showq unix n - n - - showq
    error unix - - n - - error
    retry unix - - n - - error
    discard unix - - n - - discard
    anvil unix - - n - 1 anvil
    scache unix - - n - 1 scache
    postlog unix-dgram n - n - 1 postlogd
    """
        .formatted(
            network.places(port).stream()
                .map(place -> place + " inet n - n - - smtpd")
                .collect(Collectors.joining("\n")),
            tlsPort,
            proxyPort);
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

  /** Its IPv4 address and the port where each connection begins with a PROXY header. */
  String addressForProxies() {
    return "127.0.0.1:" + proxyPort;
  }

  /** Its port, on both addresses. */
  int port() {
    return port;
  }

  /** Its IPv6 address and port, in quotes as YAML wants it. */
  String address6() {
    return "\"[::1]:" + port + '"';
  }

  /** Its configuration directory. */
  String config() {
    return folder.resolve("etc").toString();
  }

  /** All it has logged. */
  List<String> log() {
    try {
      Path file = folder.resolve("mail.log");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often it logged that it took a message with this Message-Id. */
  int taken(String messageId) {
    String mark = "message-id=<" + messageId + ">";
    return (int) log().stream().filter(line -> line.contains(mark)).count();
  }

  /** How many messages lie in its queue. */
  int queued() {
    return (int) Commands.run("postqueue", "-c", config(), "-j").good().out().lines().count();
  }

  @Override
  public List<Mail> kept() {
    List<JsonNode> queue =
        Commands.run("postqueue", "-c", config(), "-j")
            .good()
            .out()
            .lines()
            .map(JSON::readTree)
            .toList();
    List<String> words = new ArrayList<>(List.of("sh", "-e", "-c"));
    words.add(
        "for each; do [ -e \"$0/$each\" ] || postcat -c \"$0/etc\" -bhq \"$each\" > \"$0/$each\"; done");
    words.add(folder.toString());
    queue.forEach(each -> words.add(each.get("queue_id").asString()));
    Commands.run(words.toArray(String[]::new)).good();
    return queue.stream().map(this::read).toList();
  }

  private Mail read(JsonNode queued) {
    try {
      return Mail.kept(
          queued.get("sender").asString(),
          Files.readString(
              folder.resolve(queued.get("queue_id").asString()), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isIdle() {
    List<String> log = log();
    return log.stream().filter(line -> line.contains("]: connect from ")).count()
        == log.stream().filter(line -> line.contains("]: disconnect from ")).count();
  }

  @Override
  public List<String> complaints() {
    return log().stream().filter(line -> TROUBLE.matcher(line).find()).toList();
  }

  /** What it logged about a client when it began to take the message with this Message-Id. */
  String envelope(String messageId) {
    List<String> log = log();
    String mark = "message-id=<" + messageId + ">";
    String taken = log.stream().filter(l -> l.contains(mark)).findFirst().orElseThrow();
    String queueId = taken.replaceFirst(".*cleanup\\[\\d+]: (\\w+): .*", " $1: client=");
    return log.stream().filter(line -> line.contains(queueId)).findFirst().orElseThrow();
  }

  /** The client that it logged for each message, by Message-Id. */
  Map<String, String> clients() {
    Map<String, String> clientOf = new HashMap<>();
    Map<String, String> clients = new HashMap<>();
    for (String line : log()) {
      Matcher client = CLIENT.matcher(line);
      Matcher id = MESSAGE_ID.matcher(line);
      if (client.find()) {
        clientOf.put(client.group(1), client.group(2));
      } else if (id.find()) {
        clients.put(id.group(2), clientOf.get(id.group(1)));
      }
    }
    return clients;
  }

  /** Ends it at once, its sessions included. */
  void abort() {
    Commands.run("postfix", "-c", config(), "abort").good();
    awaitEnd();
  }

  /** Starts it once more. */
  void startAgain() {
    Commands.run(
            network.command(List.of("postfix", "-c", config(), "start")).toArray(String[]::new))
        .good();
    network.awaitServer(port);
  }

  /** Hands a mail to this instance as a local program would: it then sends it on. */
  void submit(String from, String to, String messageId) {
    try {
      Path mail = Files.createTempFile(folder, "mail", ".eml");
      Files.writeString(
          mail,
          """
          From: %s
          To: %s
          Subject: acceptance
          Message-Id: <%s>

          A mail of the acceptance tests.
          """
              .formatted(from, to, messageId));
      submit(from, to, mail);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with a mail from a file. */
  void submit(String from, String to, Path mail) {
    Commands.run(
            "sh",
            "-c",
            "exec sendmail -C \"$0\" -i -f \"$1\" \"$2\" < \"$3\"",
            config(),
            from,
            to,
            mail.toString())
        .good();
  }

  @Override
  public void close() {
    Commands.run("postfix", "-c", config(), "stop");
    awaitEnd();
  }

  private void awaitEnd() {
    Path pid = folder.resolve("queue/pid/master.pid");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !Files.exists(pid) || !isAlive(pid));
  }

  private static boolean isAlive(Path pid) throws IOException {
    String text = Files.readString(pid).trim();
    return !text.isEmpty()
        && ProcessHandle.of(Long.parseLong(text)).map(ProcessHandle::isAlive).orElse(false);
  }
}
