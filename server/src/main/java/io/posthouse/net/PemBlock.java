package io.posthouse.net;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One block of a PEM file (RFC 7468). */
final class PemBlock {
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----");

  private final String label;
  private final byte[] der;
  private final boolean headers;

  private PemBlock(String label, byte[] der, boolean headers) {
    this.label = label;
    this.der = der;
    this.headers = headers;
  }

  /** Such as {@code CERTIFICATE}. */
  String label() {
    return label;
  }

  /** What was in it. */
  byte[] der() {
    return der;
  }

  /** Whether it has headers (RFC 1421), as keys have that OpenSSL encrypted its old way. */
  boolean headers() {
    return headers;
  }

  /** All blocks of a file, in order; text around them is ignored. */
  static List<PemBlock> of(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    List<PemBlock> blocks = new ArrayList<>();
    Matcher begin = BEGIN.matcher(text);
    for (int at = 0; begin.find(at); ) {
      String label = begin.group(1);
      int end = text.indexOf("-----END " + label + "-----", begin.end());
      if (end < 0) {
        throw new IllegalArgumentException("the block " + label + " has no end");
      }
      String body = text.substring(begin.end(), end);
      int colon = body.lastIndexOf(':');
      int from = colon < 0 ? 0 : Math.max(0, body.indexOf('\n', colon));
      byte[] der;
      try {
        der = Base64.getMimeDecoder().decode(body.substring(from));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("the block " + label + " is not base64", e);
      }
      blocks.add(new PemBlock(label, der, colon >= 0));
      at = end;
    }
    return blocks;
  }
}
