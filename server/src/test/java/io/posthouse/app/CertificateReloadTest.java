package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.TlsStatus;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change while Posthouse runs. */
@ExtendWith(NoLeaks.class)
final class CertificateReloadTest {
  private static final TestAuthority AUTHORITY = TestAuthority.named("tests");

  @TempDir Path directory;

  private RunningHouse house(StoringServer member) throws Exception {
    return RunningHouse.startLooking(directory, text(member));
  }

  private static String text(StoringServer member) {
    return """
    pools: { hub: { members: { m1: "127.0.0.1:%d" } } }
    virtual-servers:
      mail: { listen: "127.0.0.1:0", pool: hub, tls: { certificate: mail.pem } }
    """
        .formatted(member.port());
  }

  private Issued renewed() throws Exception {
    Issued issued = AUTHORITY.issue(Kind.EC, "lb.example.net");
    Files.writeString(directory.resolve("mail.pem"), issued.pem());
    return issued;
  }

  private static X509Certificate shown(MailLink link) throws Exception {
    return (X509Certificate) ((SSLSocket) link.socket()).getSession().getPeerCertificates()[0];
  }

  private static X509Certificate shownToNext(RunningHouse house) throws Exception {
    try (MailLink link = MailLink.withStartTls(house)) {
      return shown(link);
    }
  }

  private static TlsStatus tls(RunningHouse house) {
    return Objects.requireNonNull(house.server("mail").tls());
  }

  @Test
  void aReloadShowsTheNewCertificateAndOpenLinksGoOn() throws Exception {
    Issued first = renewed();
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member);
        MailLink link = MailLink.withStartTls(house)) {
      assertThat(shown(link)).isEqualTo(first.certificate());
      Issued second = renewed();
      assertThat(house.reload(text(member)).applied()).isTrue();
      assertThat(shownToNext(house)).isEqualTo(second.certificate());
      assertThat(link.send("a@example.org")).startsWith("250");
    }
  }

  @Test
  void aChangedFileIsTakenWithoutAWord() throws Exception {
    renewed();
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member)) {
      Issued second = renewed();
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> assertThat(shownToNext(house)).isEqualTo(second.certificate()));
      assertThat(house.log()).contains("certificate files changed and are in use");
    }
  }

  @Test
  void aBrokenFileLeavesTheOldCertificateAndStatusSaysSoUntilItIsMended() throws Exception {
    Issued first = renewed();
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member)) {
      Files.writeString(directory.resolve("mail.pem"), "-----BEGIN CERTIFICATE-----\nMII");
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> assertThat(tls(house).problem()).contains("mail.pem"));
      assertThat(shownToNext(house)).isEqualTo(first.certificate());
      assertThat(house.reload(text(member)).applied()).isFalse();
      assertThat(shownToNext(house)).isEqualTo(first.certificate());
      assertThat(house.log().split("cannot be used, the old stay", -1)).hasSize(2);
      Issued mended = renewed();
      assertThat(house.reload(text(member)).applied()).isTrue();
      assertThat(tls(house).problem()).isEmpty();
      assertThat(shownToNext(house)).isEqualTo(mended.certificate());
    }
  }

  /** By the time between two looks that it has in earnest. */
  @Test
  void aCertificateThatEndsSoonIsToldOf() throws Exception {
    Files.writeString(
        directory.resolve("mail.pem"),
        AUTHORITY.issue(Kind.EC, Duration.ofDays(5), "lb.example.net").pem());
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = RunningHouse.start(directory, text(member))) {
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> assertThat(house.log()).contains("expires soon, renew it"));
      assertThat(tls(house).certificates().getFirst().names()).contains("lb.example.net");
    }
  }
}
