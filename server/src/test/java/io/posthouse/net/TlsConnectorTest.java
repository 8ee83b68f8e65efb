package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.OpenSslSessionStats;
import io.netty.handler.ssl.SslHandler;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.TlsVersion;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class TlsConnectorTest {
  private static final TestAuthority CA = TestAuthority.named("members");
  private static final Issued EX1 =
      CA.issue(Kind.EC, "ex1.example.net", "*.hub.example.net", "10.1.1.21");
  private static final Member MEMBER = TlsSettings.at("ex1.example.net", null);

  @TempDir Path directory;
  private TlsSettings settings;

  @BeforeEach
  void settle() {
    settings = new TlsSettings(directory).file("mx.pem", EX1.pem()).file("ca.pem", CA.pem());
    settings.ca = "ca.pem";
  }

  private TlsPair meet(TlsConnector connector, Member member, TlsEngine engine)
      throws TlsException {
    SslHandler tls = connector.handler(ByteBufAllocator.DEFAULT, member);
    return new TlsPair(tls, settings.acceptor(engine).handler(ByteBufAllocator.DEFAULT));
  }

  /** What a member comes to: its name, or why not. */
  private String verdict(Member member, TlsEngine engine) throws TlsException {
    try (TlsPair pair = meet(settings.connector(engine), member, engine)) {
      String failure = pair.clientFailure();
      return failure.isEmpty() ? pair.atClient().peer() : "failed: " + failure;
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void verifiesIssuerAndName(TlsEngine engine) throws Exception {
    assertThat(verdict(MEMBER, engine)).isEqualTo("ex1.example.net");
    assertThat(verdict(TlsSettings.at("EX1.example.NET.", null), engine))
        .isEqualTo("ex1.example.net");
    assertThat(verdict(TlsSettings.at("10.1.1.99", "a.hub.example.net"), engine))
        .isEqualTo("ex1.example.net");
    assertThat(verdict(TlsSettings.at("10.1.1.21", null), engine)).isEqualTo("ex1.example.net");
    assertThat(verdict(TlsSettings.at("10.1.1.22", null), engine))
        .isEqualTo(
            "failed: name 10.1.1.22 does not match [ex1.example.net, *.hub.example.net, 10.1.1.21]");
    assertThat(verdict(TlsSettings.at("ex2.example.net", null), engine))
        .startsWith("failed: name ex2.example.net does not match [");
    assertThat(verdict(TlsSettings.at("a.b.hub.example.net", null), engine)).startsWith("failed");
    settings.ca = null;
    assertThat(verdict(MEMBER, engine)).isEqualTo("failed: unknown issuer CN=members");
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void refusesAnExpiredOne(TlsEngine engine) throws Exception {
    Issued old = CA.issue(Kind.EC, Duration.ofDays(-3), "ex1.example.net");
    settings.file("mx.pem", old.pem());
    assertThat(verdict(MEMBER, engine))
        .isEqualTo("failed: certificate expired on " + old.certificate().getNotAfter().toInstant());
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void aPinnedKeyNeedsNeitherIssuerNorName(TlsEngine engine) throws Exception {
    String pin = MemberTrust.pin(EX1.certificate());
    settings.ca = null;
    settings.pins = List.of(pin);
    assertThat(verdict(TlsSettings.at("10.1.1.99", null), engine)).isEqualTo("ex1.example.net");
    settings.file("mx.pem", CA.issue(Kind.RSA, "ex1.example.net").pem());
    assertThat(verdict(MEMBER, engine)).startsWith("failed: its key is not a pinned one");
    settings.ca = "ca.pem";
    assertThat(verdict(MEMBER, engine)).isEqualTo("ex1.example.net");
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void withoutVerificationAnyCertificateWillDoAndProvesNothing(TlsEngine engine) throws Exception {
    settings.file("mx.pem", CA.issue(Kind.RSA, Duration.ofDays(-9), "wrong.example").pem());
    for (Mode mode : List.of(Mode.OPTIONAL, Mode.REQUIRED)) {
      settings.mode = mode;
      try (TlsPair pair = meet(settings.connector(engine), MEMBER, engine)) {
        assertThat(pair.send("x")).isEqualTo("x");
        assertThat(pair.atClient().peer()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void sendsNamesAndNeverAddresses(TlsEngine engine) throws Exception {
    settings.mode = Mode.REQUIRED;
    assertThat(sent(TlsSettings.at("ex1.example.net.", null), engine)).isEqualTo("ex1.example.net");
    assertThat(sent(TlsSettings.at("10.1.1.1", "a.example"), engine)).isEqualTo("a.example");
    assertThat(sent(TlsSettings.at("mail_1.example.net", null), engine)).isEqualTo("-");
    assertThat(sent(TlsSettings.at("exchange", null), engine)).isEqualTo("exchange");
    assertThat(sent(TlsSettings.at("10.1.1.1", null), engine)).isEqualTo("-");
    assertThat(sent(TlsSettings.at("2001:db8::1", null), engine)).isEqualTo("-");
  }

  private String sent(Member member, TlsEngine engine) throws TlsException {
    try (TlsPair pair = meet(settings.connector(engine), member, engine)) {
      assertThat(pair.done()).as(pair.serverFailure()).isTrue();
      ExtendedSSLSession session = (ExtendedSSLSession) pair.serverTls.engine().getSession();
      return session.getRequestedServerNames().stream()
          .map(each -> ((SNIHostName) each).getAsciiName())
          .findFirst()
          .orElse("-");
    }
  }

  @Test
  void resumesSessionsOfTheSameMemberNameAndConnectorOnly() throws Exception {
    TlsAcceptor acceptor = settings.acceptor(TlsEngine.BORINGSSL);
    TlsConnector connector = settings.connector(TlsEngine.BORINGSSL);
    Member sameServer = TlsSettings.at("a.hub.example.net", null);
    for (int i = 0; i < 3; i++) {
      exchange(connector, acceptor, MEMBER);
    }
    assertThat(resumed(acceptor)).isEqualTo(2);
    exchange(connector, acceptor, sameServer);
    exchange(settings.connector(TlsEngine.BORINGSSL), acceptor, MEMBER);
    assertThat(resumed(acceptor)).isEqualTo(2);
  }

  private static void exchange(TlsConnector connector, TlsAcceptor acceptor, Member member) {
    try (TlsPair pair =
        new TlsPair(
            connector.handler(ByteBufAllocator.DEFAULT, member),
            acceptor.handler(ByteBufAllocator.DEFAULT))) {
      assertThat(pair.greet().send("x")).isEqualTo("x");
      assertThat(pair.atClient().peer()).isEqualTo("ex1.example.net");
    }
  }

  private static long resumed(TlsAcceptor acceptor) {
    OpenSslSessionStats stats = ((OpenSslContext) acceptor.context()).sessionContext().stats();
    return stats.ticketKeyResume() + stats.ticketKeyRenew();
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void keepsToItsOldestVersion(TlsEngine engine) throws Exception {
    settings.max = TlsVersion.TLS_1_2;
    settings.memberMin = TlsVersion.TLS_1_3;
    assertThat(verdict(MEMBER, engine)).startsWith("failed: the peer sent the alert");
  }

  @Test
  void namesTheFileThatIsWrong() {
    settings.ca = "nowhere.pem";
    assertThatThrownBy(() -> settings.connector(TlsEngine.BORINGSSL))
        .isInstanceOf(TlsException.class)
        .hasMessage("ca: nowhere.pem: there is no such file");
    settings.ca = "mx.pem";
    settings.file("mx.pem", "");
    assertThatThrownBy(() -> settings.connector(TlsEngine.BORINGSSL))
        .hasMessageContaining("ca: mx.pem: there is no certificate in it");
  }
}
