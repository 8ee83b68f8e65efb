package io.posthouse.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a session sends, prepared once in direct memory and shared by all.
 *
 * <p>A session takes its {@link #copy}, whose positions are its own and whose bytes are not.
 */
record Script(
    ByteBuffer ehlo,
    ByteBuffer startTls,
    ByteBuffer mail,
    ByteBuffer rcpt,
    ByteBuffer data,
    ByteBuffer envelope,
    ByteBuffer body,
    ByteBuffer quit) {

  private static final int LINE = 76;

  /** Prepares everything for messages of this shape. */
  static Script of(MailShape shape) {
    String mail = "MAIL FROM:<" + shape.from() + ">\r\n";
    String rcpt = "RCPT TO:<" + shape.to() + ">\r\n";
    String data = "DATA\r\n";
    return new Script(
        direct("EHLO " + shape.helo() + "\r\n"),
        direct("STARTTLS\r\n"),
        direct(mail),
        direct(rcpt),
        direct(data),
        direct(mail + rcpt + data),
        body(shape),
        direct("QUIT\r\n"));
  }

  /** The same bytes with positions of their own. */
  Script copy() {
    return new Script(
        ehlo.duplicate(),
        startTls.duplicate(),
        mail.duplicate(),
        rcpt.duplicate(),
        data.duplicate(),
        envelope.duplicate(),
        body.duplicate(),
        quit.duplicate());
  }

  private static ByteBuffer body(MailShape shape) {
    byte[] end = ascii(".\r\n");
    ByteBuffer body = ByteBuffer.allocateDirect(shape.bytes() + end.length);
    byte[] head =
        ascii(
            "From: <%s>\r\nTo: <%s>\r\nSubject: load\r\nMessage-ID: <load@example.com>\r\n\r\n"
                .formatted(shape.from(), shape.to()));
    body.put(head, 0, Math.min(head.length, shape.bytes() - 2));
    while (body.position() < shape.bytes()) {
      int left = shape.bytes() - body.position();
      // A rest of one octet would leave no room for CR LF, so the line before it is one shorter.
      int line = left <= LINE ? left : left == LINE + 1 ? LINE - 1 : LINE;
      for (int i = 2; i < line; i++) {
        body.put((byte) ('a' + i % 26));
      }
      body.put((byte) '\r').put((byte) '\n');
    }
    return body.put(end).flip();
  }

  private static ByteBuffer direct(String text) {
    byte[] bytes = ascii(text);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
