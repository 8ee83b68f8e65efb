package io.posthouse.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.testkit.TestCertificate;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Here and not in core, whose tests know no certificates. */
class CertificateNamesTest {
  private static final X509Certificate NAMED =
      TestCertificate.issued(
              "dns:mx.contoso.com,dns:*.example.net,dns:*.org,ip:10.1.1.21,ip:2001:db8::25")
          .chain()
          .getFirst();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mx.contoso.com",
        "MX.Contoso.COM.",
        "ex1.example.net",
        "exch_1.example.net",
        "10.1.1.21",
        "2001:DB8:0::25"
      })
  void matchesItsNames(String name) {
    assertThat(CertificateNames.match(NAMED, name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mx.example.org",
        "contoso.com",
        "a.mx.contoso.com",
        "example.net",
        "a.b.example.net",
        "example.org",
        "mx.example.com",
        "10.1.1.22",
        "2001:db8::26",
        "",
        "."
      })
  void matchesNoOther(String name) {
    assertThat(CertificateNames.match(NAMED, name)).isFalse();
  }

  /** Its common name is mx.example.net. */
  @Test
  void theCommonNameDoesNotCount() {
    X509Certificate without = TestCertificate.valid(90).chain().getFirst();
    assertThat(CertificateNames.match(without, "mx.example.net")).isFalse();
    assertThat(CertificateNames.of(without)).isEmpty();
  }

  @Test
  void anAddressIsNoDnsName() {
    X509Certificate certificate = TestCertificate.issued("dns:a.b.c").chain().getFirst();
    assertThat(CertificateNames.match(certificate, "10.1.1.21")).isFalse();
  }

  @Test
  void showsItsNames() {
    assertThat(CertificateNames.of(NAMED))
        .startsWith("mx.contoso.com", "*.example.net", "*.org", "10.1.1.21")
        .hasSize(5);
  }
}
