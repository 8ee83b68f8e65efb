package io.posthouse.acceptance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A message as a client sends it, or as a member keeps it.
 *
 * @param sender the sender of its envelope
 * @param octets header and body, one octet a char, with CR LF at the end of each line
 */
record Mail(String sender, String octets) {
  /** One from a store in which LF alone ends a line. */
  static Mail kept(String sender, String stored) {
    return new Mail(sender, stored.replace("\n", "\r\n"));
  }

  /** Whether this is its Message-Id. */
  boolean has(String messageId) {
    return octets.substring(0, end()).contains("\r\nMessage-Id: <" + messageId + ">\r\n");
  }

  /** The SHA-256 of its body. */
  String sha256() {
    return sha256(octets.substring(end() + 2));
  }

  private int end() {
    int end = octets.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no empty line in " + octets);
    }
    return end + 2;
  }

  /** The SHA-256 of these octets. */
  static String sha256(String octets) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(octets.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
