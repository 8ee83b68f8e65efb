package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.OpenSslSessionStats;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.posthouse.model.ServerTls.ClientCertificate;
import io.posthouse.model.TlsVersion;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class TlsAcceptorTest {
  private static final TestAuthority CA = TestAuthority.named("servers");
  private static final TestAuthority CLIENTS = TestAuthority.named("clients");
  private static final Issued MX = CA.issue(Kind.EC, "mx.example.net");
  private static final Issued MX_RSA = CA.issue(Kind.RSA, "mx.example.net");
  private static final Issued OTHER = CA.issue(Kind.EC, "mail.example.org", "*.example.com");
  private static final Issued APP = CLIENTS.issue(Kind.EC, "app@example.net");
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir Path directory;
  private TlsSettings settings;

  @BeforeEach
  void settle() {
    settings = new TlsSettings(directory).file("mx.pem", MX.pem());
    settings.file("clients.pem", CLIENTS.pem());
  }

  /** A client of the JDK, so that both engines meet a stranger. */
  private static SslContextBuilder client() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .endpointIdentificationAlgorithm(null);
  }

  private static TlsPair meet(TlsAcceptor acceptor, SslContext client, @Nullable String name) {
    SslHandler tls =
        name == null
            ? client.newHandler(ByteBufAllocator.DEFAULT)
            : client.newHandler(ByteBufAllocator.DEFAULT, name, 465);
    return new TlsPair(tls, acceptor.handler(ByteBufAllocator.DEFAULT));
  }

  /** What is known of a client without a certificate that asks for no name. */
  private static TlsFacts facts(String version, String cipher) {
    return new TlsFacts(version, cipher, false, "", "", "");
  }

  private static X509Certificate shown(TlsPair pair) throws SSLException {
    return (X509Certificate) pair.clientTls.engine().getSession().getPeerCertificates()[0];
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void carriesOctetsAndTellsTheFacts(TlsEngine engine) throws Exception {
    try (TlsPair pair = meet(settings.acceptor(engine), client().build(), null)) {
      assertThat(pair.send("EHLO a")).isEqualTo("EHLO a");
      assertThat(pair.atServer()).isEqualTo(facts("TLSv1.3", "TLS_AES_128_GCM_SHA256"));
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void theFactsNameTheHostThatWasAskedFor(TlsEngine engine) throws Exception {
    TlsAcceptor acceptor = settings.acceptor(engine);
    SslContext client = client().build();
    for (int i = 0; i < 2; i++) {
      try (TlsPair pair = meet(acceptor, client, "mail.example.net")) {
        assertThat(pair.greet().atServer().askedFor()).isEqualTo("mail.example.net");
        assertThat(pair.atClient().askedFor()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void showsTheCertificateThatTheNameAsksFor(TlsEngine engine) throws Exception {
    settings.further("other.pem", OTHER);
    TlsAcceptor acceptor = settings.acceptor(engine);
    assertThat(acceptor.certificates()).hasSize(2);
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      SslContext client = client().protocols(version).build();
      for (String[] each :
          new String[][] {
            {"mx.example.net", "mx"},
            {"MAIL.example.org", "other"},
            {"a.example.com", "other"},
            {"a.b.example.com", "mx"},
            {"example.com", "mx"},
            {"unknown.example", "mx"}
          }) {
        try (TlsPair pair = meet(acceptor, client, each[0])) {
          assertThat(shown(pair))
              .as(each[0])
              .isEqualTo((each[1].equals("mx") ? MX : OTHER).certificate());
        }
      }
      try (TlsPair pair = meet(acceptor, client, null)) {
        assertThat(shown(pair)).isEqualTo(MX.certificate());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void servesRsaAndEcdsaUnderOneName(TlsEngine engine) throws Exception {
    settings.further("rsa.pem", MX_RSA);
    TlsAcceptor acceptor = settings.acceptor(engine);
    try (TlsPair pair = meet(acceptor, client().build(), "mx.example.net")) {
      assertThat(shown(pair)).isEqualTo(MX.certificate());
    }
    SslContext ecdsa =
        client()
            .ciphers(List.of("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
            .build();
    try (TlsPair pair = meet(acceptor, ecdsa, "mx.example.net")) {
      assertThat(shown(pair)).isEqualTo(MX.certificate());
    }
    SslContext rsa =
        client()
            .protocols("TLSv1.2")
            .ciphers(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
            .build();
    try (TlsPair pair = meet(acceptor, rsa, "mx.example.net")) {
      assertThat(pair.serverFailure()).isEmpty();
      assertThat(shown(pair)).isEqualTo(MX_RSA.certificate());
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void rsaAloneServesBothVersions(TlsEngine engine) throws Exception {
    settings.file("mx.pem", MX_RSA.pem());
    settings.ciphers = List.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384");
    TlsAcceptor acceptor = settings.acceptor(engine);
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (TlsPair pair = meet(acceptor, client().protocols(version).build(), null)) {
        assertThat(pair.serverFailure()).isEmpty();
        assertThat(shown(pair)).isEqualTo(MX_RSA.certificate());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void asksForAClientCertificateWithoutInsisting(TlsEngine engine) throws Exception {
    settings.clientCertificate = ClientCertificate.ASK;
    settings.clientCa = "clients.pem";
    TlsAcceptor acceptor = settings.acceptor(engine);
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      Issued stranger = TestAuthority.another("clients").issue(Kind.EC, "app@example.net");
      Issued expired = CLIENTS.issue(Kind.EC, Duration.ofDays(-1), "old@example.net");
      assertThat(peerName(acceptor, version, null)).isEmpty();
      assertThat(peerName(acceptor, version, stranger)).isEmpty();
      assertThat(peerName(acceptor, version, expired)).isEmpty();
      assertThat(peerName(acceptor, version, APP)).isEqualTo("app@example.net");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void demandsAClientCertificate(TlsEngine engine) throws Exception {
    settings.clientCertificate = ClientCertificate.REQUIRE;
    settings.clientCa = "clients.pem";
    TlsAcceptor acceptor = settings.acceptor(engine);
    assertThat(peerName(acceptor, "TLSv1.3", APP)).isEqualTo("app@example.net");
    assertThat(peerName(acceptor, "TLSv1.3", null))
        .isEqualTo("failed: the peer showed no certificate");
    Issued forged = TestAuthority.another("clients").issue(Kind.EC, "app@example.net");
    assertThat(peerName(acceptor, "TLSv1.2", forged))
        .isEqualTo("failed: the peer's certificate is not signed by its issuer");
  }

  private static String peerName(TlsAcceptor acceptor, String version, @Nullable Issued own)
      throws Exception {
    SslContextBuilder client = client().protocols(version);
    if (own != null) {
      client.keyManager(own.key(), own.certificate());
    }
    try (TlsPair pair = meet(acceptor, client.build(), null)) {
      String failure = pair.serverFailure();
      return failure.isEmpty() ? pair.atServer().peer() : "failed: " + failure;
    }
  }

  @Test
  void aSessionThatIsResumedKeepsItsName() throws Exception {
    settings.clientCertificate = ClientCertificate.ASK;
    settings.clientCa = "clients.pem";
    TlsAcceptor acceptor = settings.acceptor(TlsEngine.BORINGSSL);
    Issued stranger = TestAuthority.another("clients").issue(Kind.EC, "app@example.net");
    for (Issued own : List.of(APP, stranger)) {
      SslContext client = client().keyManager(own.key(), own.certificate()).build();
      String name = own.equals(APP) ? "app@example.net" : "";
      long before = resumed(acceptor);
      for (int i = 0; i < 2; i++) {
        try (TlsPair pair = meet(acceptor, client, "mx.example.net")) {
          TlsFacts facts = pair.greet().atServer();
          assertThat(facts.peer()).isEqualTo(name);
          assertThat(facts.isPeerTrusted()).isEqualTo(own.equals(APP));
          assertThat(facts.commonName()).isEqualTo(own.equals(APP) ? "app.example.net" : "");
        }
      }
      assertThat(resumed(acceptor)).isEqualTo(before + 1);
    }
  }

  @Test
  void sessionsOutliveAReloadAndOneChangeOfKeys() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      SslContext client = client().protocols(version).build();
      TlsAcceptor first = settings.acceptor(TlsEngine.BORINGSSL);
      first.tick(NOON);
      meet(first, client, "mx.example.net").greet().close();
      assertThat(resumed(first)).isZero();

      settings.file("mx.pem", CA.issue(Kind.EC, "mx.example.net").pem());
      TlsAcceptor second = TlsAcceptor.of(settings.server(), directory, TlsEngine.BORINGSSL, first);
      meet(second, client, "mx.example.net").greet().close();
      assertThat(resumed(second)).as(version).isOne();
      second.tick(NOON.plus(Duration.ofHours(12)));
      meet(second, client, "mx.example.net").greet().close();
      assertThat(resumed(second)).as(version).isEqualTo(2);
      second.tick(NOON.plus(Duration.ofHours(40)));
      meet(second, client, "mx.example.net").greet().close();
      assertThat(resumed(second)).as("two changes at once").isEqualTo(2);
    }
  }

  @Test
  void anotherRuleForClientsEndsSessions() throws Exception {
    settings.clientCa = "clients.pem";
    TlsAcceptor first = settings.acceptor(TlsEngine.BORINGSSL);
    SslContext client = client().build();
    meet(first, client, "mx.example.net").greet().close();
    settings.clientCertificate = ClientCertificate.REQUIRE;
    TlsAcceptor second = TlsAcceptor.of(settings.server(), directory, TlsEngine.BORINGSSL, first);
    try (TlsPair pair = meet(second, client, "mx.example.net")) {
      assertThat(pair.serverFailure()).isEqualTo("the peer showed no certificate");
    }
  }

  private static long resumed(TlsAcceptor acceptor) {
    OpenSslSessionStats stats = ((OpenSslContext) acceptor.context()).sessionContext().stats();
    return stats.ticketKeyResume() + stats.ticketKeyRenew();
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void keepsToItsVersionsAndSuites(TlsEngine engine) throws Exception {
    settings.min = TlsVersion.TLS_1_3;
    SslContext old = client().protocols("TLSv1.2").build();
    try (TlsPair pair = meet(settings.acceptor(engine), old, null)) {
      assertThat(pair.serverFailure()).isEqualTo("no version of TLS in common");
    }
    settings.min = TlsVersion.TLS_1_2;
    settings.max = TlsVersion.TLS_1_2;
    settings.ciphers = List.of("ECDHE-ECDSA-AES256-GCM-SHA384");
    try (TlsPair pair = meet(settings.acceptor(engine), client().build(), null)) {
      assertThat(pair.atServer())
          .isEqualTo(facts("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
    }
    settings.ciphers = List.of();
    SslContext weak =
        client()
            .protocols("TLSv1.2")
            .ciphers(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"))
            .build();
    try (TlsPair pair = meet(settings.acceptor(engine), weak, null)) {
      assertThat(pair.serverFailure()).isEqualTo("no cipher suite in common");
    }
  }

  @Test
  void namesWhatItDoesNotKnow() {
    settings.ciphers = List.of("AES128-SHA", "RC4-SHA", "TLS_AES_128_GCM_SHA256");
    assertThatThrownBy(() -> settings.acceptor(TlsEngine.BORINGSSL))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("ciphers: not known: RC4-SHA, TLS_AES_128_GCM_SHA256; known are");
    settings.ciphers = List.of();
    settings.clientCertificate = ClientCertificate.ASK;
    assertThatThrownBy(() -> settings.acceptor(TlsEngine.BORINGSSL))
        .hasMessageContaining("name the issuers with client-ca");
    settings.clientCertificate = ClientCertificate.NONE;
    settings.min = TlsVersion.TLS_1_3;
    settings.max = TlsVersion.TLS_1_2;
    assertThatThrownBy(() -> settings.acceptor(TlsEngine.BORINGSSL))
        .hasMessageContaining("min-version is newer than max-version");
  }

  @Test
  void staplesWhatHolds() throws Exception {
    byte[] response = CA.ocsp(MX.certificate(), NOON, NOON.plusSeconds(3600));
    settings.file("mx.pem.ocsp", response);
    TlsAcceptor acceptor = settings.acceptor(TlsEngine.BORINGSSL);
    assertThat(stapled(acceptor)).isNull();
    acceptor.tick(NOON);
    assertThat(stapled(acceptor)).isEqualTo(response);
    assertThat(acceptor.notStapled()).isEmpty();
    acceptor.tick(NOON.plusSeconds(3600));
    assertThat(stapled(acceptor)).isNull();
    assertThat(acceptor.notStapled()).singleElement().asString().contains("it holds from");

    settings.file("mx.pem.ocsp", CA.ocsp(OTHER.certificate(), NOON, NOON.plusSeconds(3600)));
    assertThat(settings.acceptor(TlsEngine.BORINGSSL).notStapled())
        .singleElement()
        .asString()
        .contains("it is about another certificate");
    settings.file("mx.pem.ocsp", java.util.Arrays.copyOf(response, 40));
    assertThat(settings.acceptor(TlsEngine.BORINGSSL).notStapled())
        .singleElement()
        .asString()
        .contains("mx.pem.ocsp: cut short");
  }

  private static byte @Nullable [] stapled(TlsAcceptor acceptor) throws Exception {
    SslContext client =
        client().sslProvider(SslProvider.OPENSSL).enableOcsp(true).sessionCacheSize(1).build();
    try (TlsPair pair = meet(acceptor, client, "mx.example.net")) {
      assertThat(pair.done()).isTrue();
      byte[] got = ((ReferenceCountedOpenSslEngine) pair.clientTls.engine()).getOcspResponse();
      return got == null || got.length == 0 ? null : got;
    }
  }
}
