package io.posthouse.bench.load;

/**
 * What every message looks like.
 *
 * @param bytes octets of a message, headers included and the final dot not
 * @param pipelining whether MAIL, RCPT and DATA go in one write to a server that announces it (RFC
 *     2920)
 */
public record MailShape(int bytes, String helo, String from, String to, boolean pipelining) {

  /** 4 KiB, commands one by one. */
  public static final MailShape SMALL =
      new MailShape(4096, "load.example.com", "sender@example.com", "recipient@example.net", false);

  /** Refuses what would not be SMTP. */
  public MailShape {
    if (bytes < 200) {
      throw new IllegalArgumentException("a message has at least 200 bytes, not " + bytes);
    }
    for (String text : new String[] {helo, from, to}) {
      if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new IllegalArgumentException("a name or address has a space or control in it");
      }
    }
  }

  /** The same with another size. */
  public MailShape withBytes(int newBytes) {
    return new MailShape(newBytes, helo, from, to, pipelining);
  }
}
