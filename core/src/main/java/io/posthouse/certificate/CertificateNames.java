package io.posthouse.certificate;

import io.posthouse.model.IpAddress;
import io.posthouse.smtp.Printable;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names in a certificate, and whether one of them is asked for: alternative names only, the
 * common name does not count (RFC 9525 section 6).
 *
 * <p>The Java runtime's own check is not used: it takes common names and refuses to look for names
 * with an underscore, which Windows servers have.
 */
public final class CertificateNames {
  /** Mail addresses. */
  public static final int EMAIL = 1;

  /** DNS names. */
  public static final int DNS = 2;

  /** IP addresses. */
  public static final int IP = 7;

  private static final int MOST = 20;
  private static final int LONGEST = 255;

  private CertificateNames() {}

  /** Its DNS names and then its addresses, for people; the first twenty. */
  public static List<String> of(X509Certificate certificate) {
    return Stream.concat(
            alternatives(certificate, DNS).stream(), alternatives(certificate, IP).stream())
        .limit(MOST)
        .map(name -> Printable.line(name, LONGEST))
        .toList();
  }

  /**
   * Whether a certificate is for a DNS name or an address. {@code *} stands for the whole first
   * label of a name of three labels or more.
   */
  public static boolean match(X509Certificate certificate, String name) {
    Optional<InetAddress> address = IpAddress.parse(name);
    if (address.isPresent()) {
      return alternatives(certificate, IP).stream()
          .anyMatch(each -> address.equals(IpAddress.parse(each)));
    }
    String wanted = canonical(name);
    String wildcard = wildcard(wanted);
    return alternatives(certificate, DNS).stream()
        .map(CertificateNames::canonical)
        .anyMatch(each -> each.equals(wanted) || each.equals(wildcard));
  }

  /** A DNS name in lower case, without a dot at its end. */
  public static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** A canonical name with * as its first label; null where no two labels would stand behind it. */
  public static @Nullable String wildcard(String canonical) {
    int dot = canonical.indexOf('.');
    return dot > 0 && canonical.indexOf('.', dot + 1) > 0 ? "*" + canonical.substring(dot) : null;
  }

  /**
   * Its alternative names of one kind; none where they are malformed.
   *
   * @param kind the number of RFC 5280 section 4.2.1.6, such as {@link #DNS}
   */
  public static List<String> alternatives(X509Certificate certificate, int kind) {
    Collection<List<?>> all;
    try {
      all = Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
    } catch (CertificateParsingException malformed) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (List<?> each : all) {
      if (each.get(0).equals(kind) && each.get(1) instanceof String name) {
        names.add(name);
      }
    }
    return names;
  }
}
