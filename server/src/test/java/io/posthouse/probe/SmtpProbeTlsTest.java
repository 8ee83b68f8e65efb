package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.ProbeReport.Direction;
import io.posthouse.door.ProbeReport.Line;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Monitor.AliasPort;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.TlsVersion;
import io.posthouse.testkit.Conversation;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import io.posthouse.testkit.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes of members that are spoken to in TLS. */
@Timeout(60)
class SmtpProbeTlsTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String NAME = "ex1.contoso.com";
  private static final TestAuthority AUTHORITY = TestAuthority.named("Test CA");

  /** Its common name, mx.example.net, is none of its names. */
  private static final Issued ISSUED =
      AUTHORITY.issue(Kind.EC, "mx@example.net", NAME, "127.0.0.1");

  private static final Issued EXPIRED =
      AUTHORITY.issue(Kind.EC, Duration.ofDays(-10), "mx@example.net", NAME, "127.0.0.1");
  private static final String OFFER =
      """
      S: 220 mx
      C: EHLO .*
      S: 250-mx\\r\\n250 STARTTLS
      C: STARTTLS
      """;
  private static final String INSIDE =
      """
      starttls
      C: EHLO .*
      S: 250-mx\\r\\n250 DSN
      """;
  private static final String IMPLICIT =
      """
      starttls
      S: 220 mx
      C: EHLO .*
      S: 250-mx\\r\\n250 DSN
      """;
  private static final String QUIT =
      """
      C: QUIT
      S: 221 2.0.0 Bye
      close
      """;
  private static final String STARTTLS = OFFER + "S: 220 go\n" + INSIDE + QUIT;

  @TempDir Path directory;

  private MemberTls tls(Mode mode) {
    return tls(mode, false, null);
  }

  private static MemberTls tls(Mode mode, boolean implicit, @Nullable String ca, String... pins) {
    return new MemberTls(mode, implicit, null, ca, List.of(pins), TlsVersion.TLS_1_2);
  }

  /** Verified by this issuer. */
  private MemberTls trusting(String pem) throws Exception {
    Files.writeString(directory.resolve("ca.pem"), pem);
    return tls(Mode.VERIFIED, false, "ca.pem");
  }

  private Outcome probe(ScriptedServer server, MemberTls tls, @Nullable String name)
      throws Exception {
    return probe(server, tls, name, Depth.HELLO, LONG);
  }

  private Outcome probe(
      ScriptedServer server, MemberTls tls, @Nullable String name, Depth depth, Duration timeout)
      throws Exception {
    ProbeOrder order =
        Orders.to(
            new Endpoint(server.host(), server.port()), Orders.smtp(depth, timeout), tls, name);
    return new SmtpProbe(new MachineClock(), new Issuers(directory.resolve("posthouse.yaml")))
        .run(
            order,
            new InetSocketAddress(InetAddress.getByName(server.host()), server.port()),
            "lb.example.net");
  }

  private static List<String> said(Outcome outcome, Direction direction) {
    return outcome.dialogue().stream()
        .filter(line -> line.direction() == direction)
        .map(Line::text)
        .toList();
  }

  private static CertificateChain certificates(Outcome outcome) {
    CertificateChain certificates = outcome.certificates();
    assertThat(certificates).isNotNull();
    if (certificates == null) {
      throw new AssertionError();
    }
    return certificates;
  }

  private static void refused(Outcome outcome, String why) {
    assertThat(outcome.result())
        .isEqualTo(new ProbeResult.Failed(ProbeStep.TLS, "the certificate is refused: " + why));
    assertThat(certificates(outcome).problem()).isEqualTo(why);
    assertThat(said(outcome, Direction.TO_MEMBER)).endsWith("STARTTLS");
  }

  private static ScriptedServer play(String script, Issued certificate) {
    return ScriptedServer.play(script, TestCertificate.of(certificate));
  }

  private static String day(Issued certificate) {
    return LocalDate.ofInstant(expires(certificate), ZoneOffset.UTC).toString();
  }

  private static Instant expires(Issued certificate) {
    return certificate.certificate().getNotAfter().toInstant();
  }

  private static String pin(Issued certificate) throws Exception {
    byte[] key = certificate.certificate().getPublicKey().getEncoded();
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
  }

  @Test
  void verifiesIssuerAndNameAndReportsTheChain() throws Exception {
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      Outcome outcome = probe(server, trusting(AUTHORITY.pem()), NAME);
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      CertificateChain chain = certificates(outcome);
      assertThat(chain.problem()).isEmpty();
      assertThat(chain.issuerTrusted()).isTrue();
      assertThat(chain.nameFits()).isTrue();
      assertThat(chain.keyPinned()).isFalse();
      assertThat(chain.certificates())
          .first()
          .isEqualTo(
              new CertificateChain.Certificate(
                  "CN=mx.example.net", "CN=Test CA", List.of(NAME, "127.0.0.1"), expires(ISSUED)));
      assertThat(chain.daysLeft(Instant.now())).isBetween(88L, 90L);
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
    }
  }

  @Test
  void aMemberWithoutANameIsVerifiedByItsAddress() throws Exception {
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      assertThat(probe(server, trusting(AUTHORITY.pem()), null).result())
          .isInstanceOf(ProbeResult.Passed.class);
    }
  }

  @Test
  void refusesAnotherName() throws Exception {
    try (ScriptedServer server = play(OFFER + "S: 220 go\nstarttls", ISSUED)) {
      Outcome outcome = probe(server, trusting(AUTHORITY.pem()), "mx.example.net");
      refused(outcome, "the name mx.example.net is not in [ex1.contoso.com, 127.0.0.1]");
      assertThat(certificates(outcome).issuerTrusted()).isTrue();
      assertThat(certificates(outcome).nameFits()).isFalse();
    }
  }

  @Test
  void refusesAnUnknownIssuer() throws Exception {
    MemberTls others = trusting(TestAuthority.named("Other CA").pem());
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      Outcome outcome = probe(server, others, NAME);
      refused(outcome, "unknown issuer CN=Test CA");
      assertThat(certificates(outcome).nameFits()).isTrue();
    }
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      refused(probe(server, tls(Mode.VERIFIED), NAME), "unknown issuer CN=Test CA");
    }
    TestCertificate alone = TestCertificate.valid(90);
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, alone)) {
      refused(
          probe(server, trusting(AUTHORITY.pem()), NAME),
          "unknown issuer CN=mx.example.net; the name %s is not in []".formatted(NAME));
    }
  }

  @Test
  void refusesAnExpiredOneEvenWhereItIsTrustedItself() throws Exception {
    try (ScriptedServer server = play(STARTTLS, EXPIRED)) {
      refused(probe(server, trusting(AUTHORITY.pem()), NAME), "expired on " + day(EXPIRED));
    }
    try (ScriptedServer server = play(STARTTLS, EXPIRED)) {
      refused(probe(server, trusting(EXPIRED.chainPem()), NAME), "expired on " + day(EXPIRED));
    }
  }

  @Test
  void aPinnedKeyNeedsNeitherIssuerNorNameNorDate() throws Exception {
    MemberTls pinned = tls(Mode.VERIFIED, false, null, "AAAA", pin(EXPIRED));
    try (ScriptedServer server = play(STARTTLS, EXPIRED)) {
      Outcome outcome = probe(server, pinned, "mx.other.net");
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(certificates(outcome).keyPinned()).isTrue();
    }
    MemberTls another = tls(Mode.VERIFIED, false, null, "AAAA");
    try (ScriptedServer server = play(STARTTLS, EXPIRED)) {
      refused(probe(server, another, NAME), "its key is not pinned, it has " + pin(EXPIRED));
    }
  }

  @Test
  void issuersCountBesidePinnedKeysOnlyWhereTheyAreNamed() throws Exception {
    trusting(AUTHORITY.pem());
    MemberTls both = tls(Mode.VERIFIED, false, "ca.pem", "AAAA");
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      assertThat(probe(server, both, NAME).result()).isInstanceOf(ProbeResult.Passed.class);
    }
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      refused(
          probe(server, both, "ex2.contoso.com"),
          "its key is not pinned, it has %s; the name ex2.contoso.com is not in [%s, 127.0.0.1]"
              .formatted(pin(ISSUED), NAME));
    }
  }

  @Test
  void issuersThatCannotBeReadFailTheProbeUntilTheyCan() throws Exception {
    MemberTls tls = tls(Mode.VERIFIED, false, "ca.pem");
    try (ScriptedServer server = play(STARTTLS, ISSUED)) {
      assertThat(probe(server, tls, NAME).result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.TLS, "tls.ca ca.pem: there is no such file"));
      Files.writeString(directory.resolve("ca.pem"), "none here\n");
      assertThat(probe(server, tls, NAME).result().reason()).startsWith("tls.ca ca.pem cannot");
      trusting(AUTHORITY.pem());
      assertThat(probe(server, tls, NAME).result()).isInstanceOf(ProbeResult.Passed.class);
    }
  }

  @Test
  void issuersAreReadAgainWhenTheirFileChanges() throws Exception {
    Path file = directory.resolve("ca.pem");
    Issuers issuers = new Issuers(directory.resolve("posthouse.yaml"));
    Files.writeString(file, AUTHORITY.pem());
    Object first = issuers.trusted("ca.pem");
    assertThat(issuers.trusted("ca.pem")).isSameAs(first);
    Files.writeString(file, AUTHORITY.pem() + "\n");
    assertThat(issuers.trusted("ca.pem")).isNotSameAs(first);
    assertThat(issuers.trusted(null)).isSameAs(issuers.trusted(null));
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"OPTIONAL", "REQUIRED"})
  void whereNothingIsVerifiedAnyCertificateIsTakenAndReported(Mode mode) throws Exception {
    try (ScriptedServer server = play(STARTTLS, EXPIRED)) {
      Outcome outcome = probe(server, tls(mode), "mx.other.net");
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(certificates(outcome).problem())
          .isEqualTo(
              "expired on %s; the name mx.other.net is not in [ex1.contoso.com, 127.0.0.1]"
                  .formatted(day(EXPIRED)));
      assertThat(certificates(outcome).daysLeft(Instant.now())).isNegative();
      assertThat(outcome.introduction().ehloOfMail(tls(mode)))
          .isNotNull()
          .satisfies(ehlo -> assertThat(ehlo.lines()).contains("DSN"));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Mode.class, names = "OFF", mode = EnumSource.Mode.EXCLUDE)
  void aFailedHandshakeIsNeverFollowedByPlain(Mode mode) throws Exception {
    try (ScriptedServer server = ScriptedServer.play(OFFER + "S: 220 go\nclose")) {
      Outcome outcome = probe(server, tls(mode), NAME, Depth.SENDER, LONG);
      assertThat(outcome.result())
          .isInstanceOfSatisfying(
              ProbeResult.Failed.class,
              failed -> assertThat(failed.step()).isEqualTo(ProbeStep.TLS));
      assertThat(said(outcome, Direction.TO_MEMBER)).endsWith("STARTTLS");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Depth.class,
      names = {"CONNECT", "BANNER", "HELLO", "STARTTLS"})
  void implicitTlsComesFirstAtEveryDepth(Depth depth) throws Exception {
    boolean hello = depth == Depth.HELLO || depth == Depth.STARTTLS;
    String script = hello ? IMPLICIT + QUIT : "starttls\nS: 220 mx\n" + QUIT;
    try (ScriptedServer server = ScriptedServer.play(script)) {
      Outcome outcome = probe(server, tls(Mode.REQUIRED, true, null), NAME, depth, LONG);
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Passed.class);
      assertThat(certificates(outcome).problem()).startsWith("unknown issuer CN=mx.example.net");
      assertThat(outcome.introduction().ehlo()).isNull();
      assertThat(outcome.introduction().secured() != null).isEqualTo(hello);
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
    }
  }

  @Test
  void aMemberThatSpeaksPlainOnAnImplicitPortFailsAtTlsAndIsLeftCleanly() throws Exception {
    try (ScriptedServer server = ScriptedServer.play("S: 220 mx.example.net ESMTP\nsilence")) {
      Outcome outcome = probe(server, tls(Mode.OPTIONAL, true, null), NAME);
      assertThat(outcome.result())
          .isEqualTo(
              new ProbeResult.Failed(
                  ProbeStep.TLS,
                  "the member speaks in plain where TLS is due: 220 mx.example.net ESMTP"));
      assertThat(server.next().cleanClose()).isTrue();
    }
  }

  @Test
  void anotherPortThanTheMembersIsPlain() throws Exception {
    try (ScriptedServer server = ScriptedServer.play("S: 220 mx\nC: EHLO .*\nS: 250 mx\n" + QUIT)) {
      ProbeOrder order =
          Orders.to(
              new Endpoint(server.host(), 465),
              Orders.smtp(Depth.HELLO, LONG, new AliasPort(server.port())),
              tls(Mode.VERIFIED, true, null),
              NAME);
      Outcome outcome =
          new SmtpProbe(new MachineClock(), new Issuers(directory.resolve("posthouse.yaml")))
              .run(
                  order,
                  new InetSocketAddress(InetAddress.getByName(server.host()), order.port()),
                  "lb");
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Passed.class);
    }
  }

  /** In one packet, in two, and within a line; TLS would begin at the member's side right after. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "S: 220 go\\r\\n250-evil\\r\\n250 EVIL\n",
        "S: 220 go\nS: 250-evil\\r\\n250 EVIL\n",
        "S: 220 go\npause: 100\nS: 250-evil\\r\\n250 EVIL\n",
        "raw: 220 go\\r\\n2\nraw: 50 EVIL\\r\\n\n"
      })
  void octetsBetweenStartTlsAndTlsAreNeverTakenAsTlsNorAsReplies(String injected) throws Exception {
    try (ScriptedServer server = ScriptedServer.play(OFFER + injected + INSIDE + QUIT)) {
      Outcome outcome = probe(server, tls(Mode.OPTIONAL), NAME, Depth.RECIPIENT, LONG);
      assertThat(outcome.result())
          .isInstanceOfSatisfying(
              ProbeResult.Failed.class,
              failed -> {
                assertThat(failed.step()).isIn(ProbeStep.STARTTLS, ProbeStep.TLS);
                assertThat(failed.reason())
                    .containsPattern("spoke out of turn: 2|speaks in plain where TLS is due: 250");
              });
      assertThat(said(outcome, Direction.TO_MEMBER)).endsWith("STARTTLS");
      assertThat(outcome.introduction().secured()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHandshakeThatIsNeverFinishedEndsAtTheTimeout(boolean implicit) throws Exception {
    String script = implicit ? "silence" : OFFER + "S: 220 go\nsilence";
    try (ScriptedServer server = ScriptedServer.play(script)) {
      Outcome outcome = probe(server, tls(Mode.REQUIRED, implicit, null), NAME, Depth.HELLO, SHORT);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.TLS, "no TLS handshake in 300 ms"));
      assertThat(server.next().cleanClose()).isTrue();
    }
  }

  @Test
  void aTricklingHandshakeEndsAtTheTimeout() throws Exception {
    String record = "\u0016\u0003\u0003@\u0000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    try (ScriptedServer server = ScriptedServer.play("trickle: " + record)) {
      Outcome outcome = probe(server, tls(Mode.REQUIRED, true, null), NAME, Depth.HELLO, SHORT);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.TLS, "no TLS handshake in 300 ms"));
    }
  }

  @Test
  void asksForNoOlderVersionThanThePoolAllows() throws Exception {
    MemberTls newest =
        new MemberTls(Mode.REQUIRED, true, null, null, List.of(), TlsVersion.TLS_1_3);
    try (ScriptedServer server = ScriptedServer.play(IMPLICIT + QUIT)) {
      assertThat(said(probe(server, newest, NAME), Direction.NOTE))
          .anyMatch(note -> note.startsWith("TLS started, TLSv1.3"));
    }
    ProbeOrder order =
        Orders.to(new Endpoint("127.0.0.1", 587), Orders.smtp(Depth.HELLO, LONG), newest, NAME);
    Issuers issuers = new Issuers(directory.resolve("posthouse.yaml"));
    try (ServerSocket old = new ServerSocket(0);
        Socket raw = new Socket(old.getInetAddress(), old.getLocalPort())) {
      assertThat(new ProbeTls(order, issuers).over(raw).getEnabledProtocols())
          .containsExactly("TLSv1.3");
    }
  }
}
