package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Programs that send a mail from a file whose lines end with LF. */
final class Clients {
  /** Their names. */
  static final List<String> NAMES =
      List.of("postfix", "exim", "swaks", "msmtp", "curl", "jakarta", "jakarta in chunks");

  private final Postfix postfix;
  private final Exim exim;

  /** Starts those that are daemons; these know the port by the domain of the recipient. */
  Clients(Lab lab, Map<String, Integer> routes) {
    postfix =
        lab.postfix(
            "postfix-client",
            "transport_maps = inline:{ "
                + routes.entrySet().stream()
                    .map(route ->
                        "{ %s = smtp:[127.0.0.1]:%d }".formatted(route.getKey(), route.getValue()))
                    .collect(Collectors.joining(", "))
                + " }");
    exim = lab.exim("exim-client", routes);
  }

  /** Has one of them send a mail to a port of 127.0.0.1; it is there when this returns. */
  void send(String client, Path mail, String from, String to, int port) {
    String server = "127.0.0.1:" + port;
    switch (client) {
      case "postfix" -> postfix(mail, from, to);
      case "exim" -> exim.submit(from, to, mail);
      case "swaks" ->
          Commands.run(
                  "swaks",
                  "--server",
                  server,
                  "--pipeline",
                  "--suppress-data",
                  "--from",
                  from,
                  "--to",
                  to,
                  "--data",
                  "@" + withoutLastLineEnd(mail))
              .good();
      case "msmtp" ->
          Commands.run(
                  "sh",
                  "-c",
                  "exec msmtp --host=127.0.0.1 --port=\"$0\" --from=\"$1\" -- \"$2\" < \"$3\"",
                  String.valueOf(port),
                  from,
                  to,
                  mail.toString())
              .good();
      case "curl" ->
          Commands.run(
                  "curl",
                  "-sS",
                  "--crlf",
                  "smtp://" + server + "/client.acceptance.test",
                  "--mail-from",
                  from,
                  "--mail-rcpt",
                  to,
                  "--upload-file",
                  mail.toString())
              .good();
      case "jakarta" -> jakarta(mail, from, to, port, Map.of());
      case "jakarta in chunks" ->
          jakarta(mail, from, to, port, Map.of("mail.smtp.chunksize", "100"));
      default -> throw new AssertionError(client);
    }
  }

  /** Swaks puts one behind whatever it sends. */
  private static Path withoutLastLineEnd(Path mail) {
    try {
      byte[] octets = Files.readAllBytes(mail);
      return Files.write(mail, Arrays.copyOf(octets, octets.length - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void postfix(Path mail, String from, String to) {
    long before = sent();
    postfix.submit(from, to, mail);
    await("Postfix has sent it").atMost(Duration.ofSeconds(30)).until(() -> sent() > before);
  }

  private long sent() {
    return postfix.log().stream().filter(line -> line.contains("status=sent")).count();
  }

  private static void jakarta(
      Path mail, String from, String to, int port, Map<String, String> settings) {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", String.valueOf(port));
    properties.put("mail.smtp.from", from);
    properties.put("mail.smtp.localhost", "client.acceptance.test");
    properties.putAll(settings);
    Session session = Session.getInstance(properties);
    try (InputStream in = Files.newInputStream(mail);
        Transport transport = session.getTransport("smtp")) {
      transport.connect();
      transport.sendMessage(new MimeMessage(session, in), new Address[] {new InternetAddress(to)});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }
}
