package io.posthouse.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Here and not in core, whose tests know no certificates. */
class CertificateNamesTest {
  private static final X509Certificate NAMED =
      certificate(
          "mx.contoso.com",
          "*.example.net",
          "*.org",
          "*x.example.com",
          "exch_2.contoso.com",
          "10.1.1.21",
          "2001:db8::25");

  private static X509Certificate certificate(String... names) {
    return TestAuthority.named("Test CA").issue(Kind.EC, names).certificate();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mx.contoso.com",
        "MX.Contoso.COM.",
        "ex1.example.net",
        "exch_1.example.net",
        "exch_2.contoso.com",
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

  @Test
  void theCommonNameDoesNotCount() {
    X509Certificate without = certificate("mx@example.net");
    assertThat(without.getSubjectX500Principal().getName()).isEqualTo("CN=mx.example.net");
    assertThat(CertificateNames.match(without, "mx.example.net")).isFalse();
    assertThat(CertificateNames.of(without)).isEmpty();
  }

  @Test
  void anAddressIsNoDnsName() {
    X509Certificate certificate = certificate("a.b.c", "*.1.1.21");
    assertThat(CertificateNames.match(certificate, "10.1.1.21")).isFalse();
  }

  @Test
  void showsItsNames() {
    assertThat(CertificateNames.of(NAMED))
        .startsWith("mx.contoso.com", "*.example.net", "*.org")
        .contains("10.1.1.21")
        .hasSize(7);
  }
}
