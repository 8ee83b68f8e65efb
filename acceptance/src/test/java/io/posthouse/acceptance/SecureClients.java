package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Programs that send one mail in TLS; they insist on TLS and on a certificate of the authority. */
final class SecureClients {
  /** Sender and recipient of all mail. */
  static final String FROM = "a@client.example";

  static final String TO = "b@peers.example";

  private final Path folder;
  private final Path authority;

  SecureClients(Lab lab, Authority authority) {
    folder = lab.folder("clients");
    this.authority = authority.certificate();
  }

  /** What a client logs in with: the mechanism as AUTH has it. */
  record Login(String mechanism, String user, String password) {}

  /** Sends a mail to a port of 127.0.0.1, by STARTTLS or in TLS from the first octet. */
  Commands.Ended send(
      String client, boolean implicit, int port, String messageId, Optional<Login> login) {
    Path mail = write(messageId);
    return switch (client) {
      case "swaks" -> Commands.run(words(swaks(implicit, port, mail), login, this::swaksLogin));
      case "curl" -> Commands.run(words(curl(implicit, port, mail), login, this::curlLogin));
      case "msmtp" -> msmtp(implicit, port, mail, login);
      case "openssl" -> openssl(implicit, port, mail);
      default -> throw new AssertionError(client);
    };
  }

  private Path write(String messageId) {
    try {
      return Files.writeString(
          folder.resolve(messageId + ".eml"),
          "From: <%s>%nTo: <%s>%nSubject: TLS%nMessage-Id: <%s>%n%nA mail in TLS.%n"
              .formatted(FROM, TO, messageId));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] words(
      List<String> command, Optional<Login> login, Function<Login, List<String>> options) {
    List<String> all = new ArrayList<>(command);
    login.ifPresent(one -> all.addAll(options.apply(one)));
    return all.toArray(String[]::new);
  }

  private List<String> swaks(boolean implicit, int port, Path mail) {
    return List.of(
        "swaks",
        "--server",
        "127.0.0.1:" + port,
        implicit ? "--tls-on-connect" : "--tls",
        "--tls-verify",
        "--tls-ca-path",
        authority.toString(),
        "--from",
        FROM,
        "--to",
        TO,
        "--data",
        "@" + mail);
  }

  private List<String> swaksLogin(Login login) {
    return List.of(
        "--auth", login.mechanism, "--auth-user", login.user, "--auth-password", login.password);
  }

  private List<String> curl(boolean implicit, int port, Path mail) {
    return List.of(
        "curl",
        "-sS",
        "--crlf",
        "--ssl-reqd",
        "--cacert",
        authority.toString(),
        (implicit ? "smtps" : "smtp") + "://127.0.0.1:" + port + "/client.acceptance.test",
        "--mail-from",
        FROM,
        "--mail-rcpt",
        TO,
        "--upload-file",
        mail.toString());
  }

  private List<String> curlLogin(Login login) {
    return List.of(
        "--user", login.user + ":" + login.password, "--login-options", "AUTH=" + login.mechanism);
  }

  private Commands.Ended msmtp(boolean implicit, int port, Path mail, Optional<Login> login) {
    List<String> words = new ArrayList<>(List.of("sh", "-c", "in=$0; exec \"$@\" < \"$in\""));
    words.addAll(List.of(mail.toString(), "msmtp", "--host=127.0.0.1", "--port=" + port));
    words.addAll(List.of("--tls=on", "--tls-starttls=" + (implicit ? "off" : "on")));
    words.addAll(List.of("--tls-trust-file=" + authority, "--from=" + FROM));
    login.ifPresent(one ->
        words.addAll(
            List.of(
                "--auth=" + one.mechanism.toLowerCase(Locale.ROOT),
                "--user=" + one.user,
                "--passwordeval=echo " + one.password)));
    words.addAll(List.of("--", TO));
    return Commands.run(words.toArray(String[]::new));
  }

  private Commands.Ended openssl(boolean implicit, int port, Path mail) {
    List<String> words = new ArrayList<>(List.of("openssl", "s_client", "-quiet", "-crlf"));
    words.addAll(List.of("-connect", "127.0.0.1:" + port, "-verify_return_error"));
    words.addAll(List.of("-CAfile", authority.toString()));
    if (!implicit) {
      words.addAll(List.of("-starttls", "smtp"));
    }
    try (Spoken spoken = new Spoken(words)) {
      if (implicit) {
        spoken.expect("220 ");
      }
      spoken.ask("EHLO client.acceptance.test", "250 ");
      spoken.ask("MAIL FROM:<" + FROM + ">", "250 ");
      spoken.ask("RCPT TO:<" + TO + ">", "250 ");
      spoken.ask("DATA", "354 ");
      spoken.ask(Files.readString(mail) + ".", "250 ");
      spoken.ask("QUIT", "221 ");
      return new Commands.Ended(0, "", "");
    } catch (IOException e) {
      return new Commands.Ended(1, "", e.toString());
    }
  }
}
