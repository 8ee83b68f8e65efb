package io.posthouse.health;

import io.posthouse.model.IpAddress;
import io.posthouse.smtp.EhloKeywords;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * XCLIENT as a probe says it of itself (Postfix, XCLIENT_README). No value needs xtext: neither an
 * address nor {@code [UNAVAILABLE]} holds a character that it encodes.
 */
final class Xclient {
  private static final String KEYWORD = "XCLIENT";

  private Xclient() {}

  /** Whether a member lets us say a client's address. */
  static boolean isOffered(EhloKeywords keywords) {
    return keywords.words(KEYWORD).contains("ADDR");
  }

  /** The command, with those attributes that are offered. */
  static String command(EhloKeywords keywords, InetAddress own) {
    String name = keywords.words(KEYWORD).contains("NAME") ? "NAME=[UNAVAILABLE] " : "";
    String family = own instanceof Inet6Address ? "IPV6:" : "";
    return "XCLIENT " + name + "ADDR=" + family + IpAddress.text(own);
  }

  /** What to do when a member does not. */
  static String remedy(InetAddress own) {
    return "in Postfix, smtpd_authorized_xclient_hosts must have " + IpAddress.text(own);
  }
}
