package io.posthouse.net;

import io.posthouse.certificate.CertificateNames;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** How a certificate's owner is called, for people and for rules; not what it proves. */
final class CertificateSubject {
  private static final int MOST = 255;

  private CertificateSubject() {}

  /** Names of a server: DNS names and addresses, else the common name. */
  static List<String> of(X509Certificate certificate) {
    List<String> names =
        new ArrayList<>(CertificateNames.alternatives(certificate, CertificateNames.DNS));
    names.addAll(CertificateNames.alternatives(certificate, CertificateNames.IP));
    String common = names.isEmpty() ? commonName(certificate) : null;
    if (common != null) {
      names.add(common);
    }
    return names.stream().map(CertificateSubject::printable).toList();
  }

  /** The name of a peer, for people and for rules; empty when it has none. */
  static String subject(X509Certificate certificate) {
    for (int kind : new int[] {CertificateNames.EMAIL, CertificateNames.DNS}) {
      for (String name : CertificateNames.alternatives(certificate, kind)) {
        return printable(name);
      }
    }
    return printableCommonName(certificate);
  }

  /** Its common name, in printable ASCII; empty when it has none. */
  static String printableCommonName(X509Certificate certificate) {
    String common = commonName(certificate);
    return common == null ? "" : printable(common);
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
