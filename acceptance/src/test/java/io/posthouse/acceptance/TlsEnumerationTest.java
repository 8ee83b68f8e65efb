package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What openssl can agree on with Posthouse, with default settings, when it may do all it knows. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsEnumerationTest {
  private static final String ALL = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

  /** One after the other, each on a link of its own; writes those that were agreed on. */
  private static final String LOOP =
      """
      for suite in $(openssl ciphers "$0" | tr : ' '); do
        case $suite in TLS_*) continue ;; esac
        echo "tried $suite"
        if timeout 10 openssl s_client "$@" -tls1_2 -cipher "$suite:@SECLEVEL=0" </dev/null 2>/dev/null |
          grep -q "^New, TLSv1.2, Cipher is $suite\\$"
        then echo "agreed $suite"; fi
      done
      """;

  private final int port = Ports.free();
  private final int implicitPort = Ports.free();

  /**
   * The first has a certificate of a curve, the second of RSA, so that all suites have a chance.
   */
  TlsEnumerationTest(Lab lab) {
    Authority authority = new Authority(lab);
    String curve = authority.issue("balancer.acceptance.test").yaml();
    String rsa = authority.issue("balancer.acceptance.test", "rsa", Authority.RSA).yaml();
    lab.posthouse(
        new Config()
            .smtp("line-ends: reject")
            .tls(curve)
            .listen("127.0.0.1:" + port)
            .member(lab.sink("mx1"))
            .furtherServer(
                "implicit",
                "mode: smtp, pool: hub, listen: [\"127.0.0.1:%d\"], tls: { implicit: true, %s }"
                    .formatted(implicitPort, rsa)));
  }

  private List<String> target(boolean implicit) {
    return implicit
        ? List.of("-connect", "127.0.0.1:" + implicitPort)
        : List.of("-connect", "127.0.0.1:" + port, "-starttls", "smtp");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noProtocolBelowTls12IsSpoken(boolean implicit) {
    assertThat(handshake(implicit, "-tls1")).contains("Cipher is (NONE)");
    assertThat(handshake(implicit, "-tls1_1")).contains("Cipher is (NONE)");
    assertThat(handshake(implicit, "-tls1_2")).contains("New, TLSv1.2, Cipher is ECDHE-");
    assertThat(handshake(implicit, "-tls1_3")).contains("New, TLSv1.3, Cipher is TLS_");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsCompressed(boolean implicit) {
    assertThat(handshake(implicit, "-tls1_2", "-comp")).contains("Compression: NONE");
    assertThat(handshake(implicit, "-tls1_3", "-comp")).contains("Compression: NONE");
  }

  private String handshake(boolean implicit, String... options) {
    List<String> words = new ArrayList<>(List.of("openssl", "s_client"));
    words.addAll(target(implicit));
    words.addAll(List.of("-cipher", ALL));
    words.addAll(List.of(options));
    return Commands.run(words.toArray(String[]::new)).out();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlySuitesWithForwardSecrecyAndAuthenticatedEncryptionAreAgreedOn(boolean implicit) {
    List<String> words = new ArrayList<>(List.of("sh", "-c", LOOP, ALL));
    words.addAll(target(implicit));
    List<String> lines = Commands.run(words.toArray(String[]::new)).good().out().lines().toList();
    assertThat(lines)
        .contains("tried AECDH-NULL-SHA", "tried ADH-AES128-SHA", "tried ECDHE-RSA-AES128-SHA")
        .filteredOn(line -> line.startsWith("agreed "))
        .isNotEmpty()
        .allMatch(line ->
            line.matches("agreed ECDHE-(ECDSA|RSA)-(AES\\d+-GCM-SHA\\d+|CHACHA20-POLY1305)"));
  }

  @Test
  void nothingIsNegotiatedAgain() throws IOException {
    List<String> words = new ArrayList<>(List.of("openssl", "s_client", "-tls1_2", "-crlf"));
    words.addAll(target(true));
    try (Spoken client = new Spoken(words)) {
      client.expect("220 ");
      client.ask("NOOP", "250 ");
      client.say("R");
      client.expect("RENEGOTIATING");
      assertThat(client.rest()).anyMatch(line -> line.contains("alert no renegotiation:"));
    }
  }
}
