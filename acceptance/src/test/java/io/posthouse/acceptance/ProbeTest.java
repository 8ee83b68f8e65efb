package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Monitors against real Postfix: what they conclude, and that Postfix has nothing to say of them.
 */
@ExtendWith(LabExtension.class)
final class ProbeTest {
  private static final String SENDERS =
      "senders: { inside: probe@inside.example, outside: probe@outside.example }";
  private static final int PROBES = 60;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noDepthMakesPostfixComplain(boolean tls, Lab lab) {
    Postfix first = lab.postfix("mx1", settings(lab, tls));
    Postfix second = lab.postfix("mx2", settings(lab, tls));
    Config config =
        new Config()
            .listen("127.0.0.1:" + Ports.free())
            .member(first)
            .member("mx2", second.address6())
            .monitor("connect", smtp("connect"))
            .monitor("banner", smtp("banner"))
            .monitor("hello", smtp("hello"))
            .monitor("sender", smtp("sender") + ", " + SENDERS)
            .monitor("recipient", deep());
    if (tls) {
      config.monitor("starttls", smtp("starttls"));
    }
    Posthouse posthouse = lab.posthouse(config);
    for (Postfix each : List.of(first, second)) {
      await("many probes of " + each.name())
          .atMost(Duration.ofSeconds(90))
          .until(() -> count(each, "disconnect from") >= PROBES);
      assertThat(posthouse.effective(each.name())).isEqualTo("up");
      assertThat(each.complaints()).isEmpty();
      assertThat(each.log())
          .filteredOn(l -> l.contains("disconnect from"))
          .allMatch(ProbeTest::quit);
      assertThat(count(each, "starttls=1") > 0).isEqualTo(tls);
      assertThat(each.queued()).as("mails made by probes").isZero();
    }
  }

  /** The first connection is the test stand's own, waiting for the banner; it says QUIT as well. */
  private static boolean quit(String line) {
    return line.contains("quit=1");
  }

  @Test
  void aConnectionThatIsDroppedWouldBeNoticed(Lab lab) throws Exception {
    Postfix server = lab.postfix("mx1");
    try (Talk rude = Talk.to("127.0.0.1", server.port())) {
      rude.ask("EHLO rude.example", "250");
    }
    await("Postfix complains")
        .atMost(Duration.ofSeconds(20))
        .until(() -> !server.complaints().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void resourcesRefusedToOutsideSendersArePressure(String delayReject, Lab lab) {
    Postfix server =
        lab.postfix(
            "mx1",
            "smtpd_delay_reject = " + delayReject,
            "smtpd_sender_restrictions = check_sender_access inline:"
                + "{ {outside.example = 452 4.3.1 Insufficient system resources} }");
    Posthouse posthouse = lab.posthouse(one(server));
    await("it is under pressure")
        .atMost(Duration.ofSeconds(30))
        .until(() -> posthouse.effective("mx1").equals("pressure"));
    assertThat(posthouse.command("status", "--json").good().out())
        .contains("\"effective-state\":\"pressure\"", "4.3.1", "\"scope\":\"outside\"");
    assertThat(posthouse.member("mx1").get("probes").get(0).get("step").asString())
        .isEqualTo(delayReject.equals("yes") ? "outside-recipient" : "outside-sender");
    Commands.Ended probe = posthouse.command("probe", "hub/mx1");
    assertThat(probe.out()).contains("MAIL FROM:<probe@outside.example>", "452 4.3.1");
    assertThat(server.complaints()).isEmpty();
  }

  @Test
  void greylistingIsUp(Lab lab) {
    Postfix server =
        lab.postfix(
            "mx1",
            "smtpd_recipient_restrictions = check_sender_access inline:"
                + "{ {outside.example = 450 4.7.1 Greylisted, please try again in 300 s} }, permit");
    Posthouse posthouse = lab.posthouse(one(server));
    await("probes were refused")
        .atMost(Duration.ofSeconds(30))
        .until(() -> count(server, "450 4.7.1") >= 5);
    assertThat(posthouse.effective("mx1")).isEqualTo("up");
    assertThat(posthouse.member("mx1").get("reason").asString()).containsIgnoringCase("greylist");
    assertThat(posthouse.log("member changed state")).noneMatch(l -> l.contains("state=down"));
  }

  private static Config one(Postfix server) {
    return new Config().listen("127.0.0.1:" + Ports.free()).member(server).monitor("deep", deep());
  }

  private static String deep() {
    return smtp("recipient") + ", recipient: postmaster@inside.example, " + SENDERS;
  }

  private static String smtp(String depth) {
    return "type: smtp, interval: 300ms, helo: monitor.inside.example, depth: " + depth;
  }

  private static long count(Postfix server, String text) {
    return server.log().stream().filter(line -> line.contains(text)).count();
  }

  private static String[] settings(Lab lab, boolean tls) {
    if (!tls) {
      return new String[0];
    }
    String key = lab.folder().resolve("tls.key").toString();
    String certificate = lab.folder().resolve("tls.pem").toString();
    Commands.run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=mx.acceptance.test",
            "-keyout",
            key,
            "-out",
            certificate)
        .good();
    return new String[] {
      "smtpd_tls_security_level = may",
      "smtpd_tls_loglevel = 1",
      "smtpd_tls_key_file = " + key,
      "smtpd_tls_cert_file = " + certificate
    };
  }
}
