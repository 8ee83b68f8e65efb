package io.posthouse.app;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A client's link in mode smtp: says lines, hears replies. Text has one char for each octet. */
final class MailLink implements AutoCloseable {
  /** A message's end that {@link #send} uses. */
  static final String BODY = "Subject: test\r\n\r\na line\r\n.\r\n";

  private Socket socket;

  private MailLink(Socket socket) {
    this.socket = socket;
  }

  /** A link to the virtual server "mail" that has heard the greeting. */
  static MailLink to(RunningHouse house) throws IOException {
    return from("127.0.0.1", house);
  }

  /** The same from another address. */
  static MailLink from(String source, RunningHouse house) throws IOException {
    return from(source, house, "mail");
  }

  /** The same to another virtual server. */
  static MailLink from(String source, RunningHouse house, String server) throws IOException {
    MailLink link = new MailLink(house.connectFrom(source, server));
    link.socket.setTcpNoDelay(true);
    link.reply();
    return link;
  }

  /** A link that has said EHLO too. */
  static MailLink greeted(RunningHouse house) throws IOException {
    MailLink link = to(house);
    link.say("EHLO client.example.net");
    return link;
  }

  /** A link to the virtual server "mail", inside TLS from the first octet, that was greeted. */
  static MailLink overTls(RunningHouse house) throws IOException {
    MailLink link = new MailLink(house.connectFrom("127.0.0.1", "mail"));
    link.secure();
    link.reply();
    return link;
  }

  /** A link that has said EHLO, STARTTLS, and EHLO inside TLS. */
  static MailLink withStartTls(RunningHouse house) throws IOException {
    MailLink link = greeted(house);
    link.startTls();
    link.say("EHLO client.example.net");
    return link;
  }

  /** Says STARTTLS and does the handshake. */
  void startTls() throws IOException {
    String said = say("STARTTLS");
    if (!said.startsWith("220")) {
      throw new IOException(said);
    }
    secure();
  }

  /** Does the handshake, whatever the certificate. */
  void secure() throws IOException {
    SSLSocket secure =
        (SSLSocket) AnyCertificate.context().getSocketFactory().createSocket(socket, null, true);
    secure.setUseClientMode(true);
    secure.startHandshake();
    socket = secure;
  }

  Socket socket() {
    return socket;
  }

  /** Says a line and returns the last line of the reply. */
  String say(String line) throws IOException {
    write(line + "\r\n");
    return reply();
  }

  /** Sends octets as they are. */
  void write(String octets) throws IOException {
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The last line of the next reply. */
  String reply() throws IOException {
    String last;
    do {
      last = RunningHouse.line(socket);
    } while (last.length() > 3 && last.charAt(3) == '-');
    return last;
  }

  /** Sends one small message and returns the reply to its end, or to what was refused before. */
  String send(String sender) throws IOException {
    return send(sender, BODY);
  }

  /**
   * Sends one message.
   *
   * @param body with its stuffed dots and its end
   */
  String send(String sender, String body) throws IOException {
    for (String line :
        new String[] {"MAIL FROM:<" + sender + ">", "RCPT TO:<b@example.net>", "DATA"}) {
      String said = say(line);
      if (said.charAt(0) > '3') {
        return said;
      }
    }
    write(body);
    return reply();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
