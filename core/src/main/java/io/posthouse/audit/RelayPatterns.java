package io.posthouse.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The senders and recipients by which scanners look for open relays, made for one listener. A
 * server that is no relay refuses each of these recipients.
 *
 * <p>They are those of the public open-relay tests: foreign recipients in the open, behind senders
 * that some servers trust, and hidden in the local part (percent hack, bang paths, quotes, two at
 * signs, the encapsulation of Exchange) or behind a source route. Each is sent by itself; no
 * message ever follows.
 */
public final class RelayPatterns {
  private static final String USER = "relaytest";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RelayPatterns() {}

  /**
   * One question to a server.
   *
   * @param name a short name, unique among all
   * @param sender the path of MAIL without its angle brackets; empty for the null sender
   * @param recipient the path of RCPT without its angle brackets, a source route included
   * @param hidden whether the recipient's domain, for who reads it plainly, is ours or none: a
   *     server that takes every local part of its own domains accepts it and relays nothing
   */
  public record Pattern(String name, String sender, String recipient, boolean hidden) {
    /** The line that says the sender, without its line end. */
    public String mail() {
      return "MAIL FROM:<" + sender + ">";
    }

    /** The line that says the recipient, without its line end. */
    public String rcpt() {
      return "RCPT TO:<" + recipient + ">";
    }
  }

  /**
   * All of them, those that hide nothing first: what matters most is asked before time is over.
   *
   * @param recipient a mailbox of a domain that is not ours, {@code user@domain}, neither quoted
   * @param host our own name, as the server greets with it
   * @param address the address that the server listens on, an IPv4 or IPv6 literal without brackets
   */
  public static List<Pattern> of(String recipient, String host, String address) {
    int at = recipient.lastIndexOf('@');
    if (at <= 0 || at == recipient.length() - 1) {
      throw new IllegalArgumentException("not a mailbox: " + recipient);
    }
    String user = recipient.substring(0, at);
    String domain = recipient.substring(at + 1);
    String literal = "[" + (address.indexOf(':') < 0 ? "" : "IPv6:") + address + "]";
    String foreign = USER + "@" + domain;
    String percent = user + "%" + domain;
    String bang = domain + "!" + user;
    String encapsulated = "IMCEASMTP-" + plusEncoded(recipient);
    return List.of(
        new Pattern("foreign", foreign, recipient, false),
        new Pattern("sender-without-domain", USER, recipient, false),
        new Pattern("null-sender", "", recipient, false),
        new Pattern("sender-at-host", USER + "@" + host, recipient, false),
        new Pattern("sender-at-address", USER + "@" + literal, recipient, false),
        new Pattern("sender-at-localhost", USER + "@localhost", recipient, false),
        new Pattern("route-by-host", foreign, "@" + host + ":" + recipient, false),
        new Pattern("route-by-address", foreign, "@" + literal + ":" + recipient, false),
        new Pattern("percent-at-host", foreign, percent + "@" + host, true),
        new Pattern("percent-at-address", foreign, percent + "@" + literal, true),
        new Pattern("percent-bare", foreign, percent, true),
        new Pattern("quoted", foreign, quoted(recipient), true),
        new Pattern("quoted-percent", foreign, quoted(percent), true),
        new Pattern("quoted-at-host", foreign, quoted(recipient) + "@" + host, true),
        new Pattern("quoted-at-address", foreign, quoted(recipient) + "@" + literal, true),
        new Pattern("two-at-host", foreign, recipient + "@" + host, true),
        new Pattern("two-at-address", foreign, recipient + "@" + literal, true),
        new Pattern("bang-bare", foreign, bang, true),
        new Pattern("bang-at-host", foreign, bang + "@" + host, true),
        new Pattern("bang-at-address", foreign, bang + "@" + literal, true),
        new Pattern("bang-percent", foreign, host + "!" + percent, true),
        new Pattern("quoted-bang-at-host", foreign, quoted(bang) + "@" + host, true),
        new Pattern("encapsulated-at-host", foreign, encapsulated + "@" + host, true));
  }

  /** As Exchange writes it into a local part (MS-OXCMAIL section 2.1.3.1.8). */
  private static String plusEncoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char octet = (char) (each & 0xFF);
      boolean plain =
          octet < 0x80 && (Character.isLetterOrDigit(octet) || "-=".indexOf(octet) >= 0);
      encoded.append(plain ? String.valueOf(octet) : "+" + HEX.toHexDigits(each));
    }
    return encoded.toString();
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
