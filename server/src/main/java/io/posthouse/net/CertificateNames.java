package io.posthouse.net;

import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** The names in a certificate, and whether one of them is asked for (RFC 9525). */
final class CertificateNames {
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int IP = 7;
  private static final int MOST = 255;

  private CertificateNames() {}

  /** Names of a server: DNS names and addresses, else the common name. */
  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>(alternatives(certificate, DNS));
    names.addAll(alternatives(certificate, IP));
    String common = names.isEmpty() ? commonName(certificate) : null;
    if (common != null) {
      names.add(common);
    }
    return names.stream().map(CertificateNames::printable).toList();
  }

  /** The name of a peer, for people and for rules; empty when it has none. */
  static String subject(X509Certificate certificate) {
    for (int kind : new int[] {EMAIL, DNS}) {
      for (String name : alternatives(certificate, kind)) {
        return printable(name);
      }
    }
    String common = commonName(certificate);
    return common == null ? "" : printable(common);
  }

  /**
   * Whether a certificate is for a DNS name or an address. Only alternative names count (RFC 9525
   * section 6), and * stands for one whole label, the first.
   */
  static boolean match(X509Certificate certificate, String name) {
    InetAddress address = IpAddress.parse(name).orElse(null);
    if (address != null) {
      return alternatives(certificate, IP).stream()
          .anyMatch(each -> address.equals(IpAddress.parse(each).orElse(null)));
    }
    String wanted = canonical(name);
    String wildcard = wildcard(wanted);
    return alternatives(certificate, DNS).stream()
        .map(CertificateNames::canonical)
        .anyMatch(each -> each.equals(wanted) || each.equals(wildcard));
  }

  /** A DNS name in lower case, without a dot at its end. */
  static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** The name with * as its first label; null where there would be no two labels behind it. */
  static @Nullable String wildcard(String canonical) {
    int dot = canonical.indexOf('.');
    return dot > 0 && canonical.indexOf('.', dot + 1) > 0 ? "*" + canonical.substring(dot) : null;
  }

  private static List<String> alternatives(X509Certificate certificate, int kind) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      return all == null
          ? List.of()
          : all.stream()
              .filter(each -> each.get(0).equals(kind) && each.get(1) instanceof String)
              .map(each -> (String) each.get(1))
              .toList();
    } catch (CertificateParsingException malformed) {
      return List.of();
    }
  }

  private static @Nullable String commonName(X509Certificate certificate) {
    try {
      List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
      for (Rdn part : parts.reversed()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return part.getValue().toString();
        }
      }
    } catch (InvalidNameException malformed) {
      // It has no name then.
    }
    return null;
  }

  /** The same in printable ASCII and of bounded length, since its owner may have chosen it. */
  static String printable(String name) {
    StringBuilder out = new StringBuilder(Math.min(name.length(), MOST));
    for (int i = 0; i < name.length() && out.length() < MOST; i++) {
      char c = name.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '\\') {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return out.toString();
  }
}
