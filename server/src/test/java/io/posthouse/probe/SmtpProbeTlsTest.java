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
import io.posthouse.testkit.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
  private static final String NAMES = "dns:" + NAME + ",ip:127.0.0.1";
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

  /** Verified by the authority of this certificate. */
  private MemberTls trusting(TestCertificate certificate) throws Exception {
    Files.writeString(directory.resolve("ca.pem"), certificate.authority());
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
        new ProbeOrder(
            "hub",
            "ex1",
            new Endpoint(server.host(), server.port()),
            Orders.smtp(depth, timeout),
            tls,
            name);
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

  private static String day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC).toString();
  }

  @Test
  void verifiesIssuerAndNameAndReportsTheChain() throws Exception {
    TestCertificate certificate = TestCertificate.issued(NAMES);
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      Outcome outcome = probe(server, trusting(certificate), NAME);
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
                  "CN=mx.example.net",
                  "CN=Test CA",
                  List.of(NAME, "127.0.0.1"),
                  certificate.expires()));
      assertThat(chain.daysLeft(Instant.now())).isBetween(88L, 90L);
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
    }
  }

  @Test
  void aMemberWithoutANameIsVerifiedByItsAddress() throws Exception {
    TestCertificate certificate = TestCertificate.issued(NAMES);
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      assertThat(probe(server, trusting(certificate), null).result())
          .isInstanceOf(ProbeResult.Passed.class);
    }
  }

  @Test
  void refusesAnotherName() throws Exception {
    TestCertificate certificate = TestCertificate.issued(NAMES);
    try (ScriptedServer server = ScriptedServer.play(OFFER + "S: 220 go\nstarttls", certificate)) {
      Outcome outcome = probe(server, trusting(certificate), "mx.example.net");
      refused(outcome, "the name mx.example.net is not in [ex1.contoso.com, 127.0.0.1]");
      assertThat(certificates(outcome).issuerTrusted()).isTrue();
      assertThat(certificates(outcome).nameFits()).isFalse();
    }
  }

  @Test
  void refusesAnUnknownIssuer() throws Exception {
    TestCertificate certificate = TestCertificate.issued(NAMES);
    MemberTls others = trusting(TestCertificate.issued("dns:other.contoso.com"));
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      Outcome outcome = probe(server, others, NAME);
      refused(outcome, "unknown issuer CN=Test CA");
      assertThat(certificates(outcome).nameFits()).isTrue();
    }
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      refused(probe(server, tls(Mode.VERIFIED), NAME), "unknown issuer CN=Test CA");
    }
    TestCertificate alone = TestCertificate.valid(90);
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, alone)) {
      refused(
          probe(server, trusting(certificate), NAME),
          "unknown issuer CN=mx.example.net; the name %s is not in []".formatted(NAME));
    }
  }

  @Test
  void refusesAnExpiredOneEvenWhereItIsTrustedItself() throws Exception {
    TestCertificate certificate = TestCertificate.expired(NAMES);
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      refused(
          probe(server, trusting(certificate), NAME), "expired on " + day(certificate.expires()));
    }
    TestCertificate itself =
        new TestCertificate(certificate.context(), certificate.chain().subList(0, 1));
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      refused(probe(server, trusting(itself), NAME), "expired on " + day(certificate.expires()));
    }
  }

  @Test
  void aPinnedKeyNeedsNeitherIssuerNorNameNorDate() throws Exception {
    TestCertificate certificate = TestCertificate.expired(NAMES);
    MemberTls pinned = tls(Mode.VERIFIED, false, null, "AAAA", certificate.pin());
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      Outcome outcome = probe(server, pinned, "mx.other.net");
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(certificates(outcome).keyPinned()).isTrue();
    }
    MemberTls another = tls(Mode.VERIFIED, false, null, "AAAA");
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      refused(probe(server, another, NAME), "its key is not pinned, it has " + certificate.pin());
    }
  }

  @Test
  void issuersCountBesidePinnedKeysOnlyWhereTheyAreNamed() throws Exception {
    TestCertificate certificate = TestCertificate.issued(NAMES);
    trusting(certificate);
    MemberTls both = tls(Mode.VERIFIED, false, "ca.pem", "AAAA");
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      assertThat(probe(server, both, NAME).result()).isInstanceOf(ProbeResult.Passed.class);
    }
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      refused(
          probe(server, both, "ex2.contoso.com"),
          "its key is not pinned, it has %s; the name ex2.contoso.com is not in [%s, 127.0.0.1]"
              .formatted(certificate.pin(), NAME));
    }
  }

  @Test
  void issuersThatCannotBeReadFailTheProbeUntilTheyCan() throws Exception {
    TestCertificate certificate = TestCertificate.issued(NAMES);
    MemberTls tls = tls(Mode.VERIFIED, false, "ca.pem");
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      assertThat(probe(server, tls, NAME).result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.TLS, "tls.ca ca.pem: there is no such file"));
      Files.writeString(directory.resolve("ca.pem"), "none here\n");
      assertThat(probe(server, tls, NAME).result().reason()).startsWith("tls.ca ca.pem cannot");
      trusting(certificate);
      assertThat(probe(server, tls, NAME).result()).isInstanceOf(ProbeResult.Passed.class);
    }
  }

  @Test
  void issuersAreReadAgainWhenTheirFileChanges() throws Exception {
    Path file = directory.resolve("ca.pem");
    Issuers issuers = new Issuers(directory.resolve("posthouse.yaml"));
    Files.writeString(file, TestCertificate.issued(NAMES).authority());
    Object first = issuers.trusted("ca.pem");
    assertThat(issuers.trusted("ca.pem")).isSameAs(first);
    Files.writeString(file, TestCertificate.issued(NAMES).authority() + "\n");
    assertThat(issuers.trusted("ca.pem")).isNotSameAs(first);
    assertThat(issuers.trusted(null)).isSameAs(issuers.trusted(null));
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"OPTIONAL", "REQUIRED"})
  void whereNothingIsVerifiedAnyCertificateIsTakenAndReported(Mode mode) throws Exception {
    TestCertificate certificate = TestCertificate.expired(NAMES);
    try (ScriptedServer server = ScriptedServer.play(STARTTLS, certificate)) {
      Outcome outcome = probe(server, tls(mode), "mx.other.net");
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(certificates(outcome).problem())
          .isEqualTo(
              "expired on %s; the name mx.other.net is not in [ex1.contoso.com, 127.0.0.1]"
                  .formatted(day(certificate.expires())));
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
          new ProbeOrder(
              "hub",
              "ex1",
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
        new ProbeOrder(
            "hub",
            "ex1",
            new Endpoint("127.0.0.1", 587),
            Orders.smtp(Depth.HELLO, LONG),
            newest,
            NAME);
    Issuers issuers = new Issuers(directory.resolve("posthouse.yaml"));
    try (ServerSocket old = new ServerSocket(0);
        Socket raw = new Socket(old.getInetAddress(), old.getLocalPort())) {
      assertThat(new ProbeTls(order, issuers).over(raw).getEnabledProtocols())
          .containsExactly("TLSv1.3");
    }
  }
}
