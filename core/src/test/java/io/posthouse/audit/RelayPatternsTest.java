package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.audit.RelayPatterns.Pattern;
import io.posthouse.model.ClientClass;
import io.posthouse.model.DataGroup;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.RelayGuard;
import io.posthouse.policy.RelayVerdict.Answer;
import io.posthouse.smtp.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scanners try, and that our own guard refuses all of it. */
class RelayPatternsTest {
  private static final List<Pattern> ALL =
      RelayPatterns.of("user@example.net", "mail.contoso.com", "192.0.2.25");

  @Test
  void thereAreAtLeastTheNineteenOfTheScanners() {
    assertThat(ALL).hasSizeGreaterThanOrEqualTo(19);
    assertThat(ALL).extracting(Pattern::name).doesNotHaveDuplicates();
    assertThat(ALL)
        .extracting(pattern -> pattern.mail() + " " + pattern.rcpt())
        .doesNotHaveDuplicates()
        .contains(
            "MAIL FROM:<relaytest@example.net> RCPT TO:<user@example.net>",
            "MAIL FROM:<relaytest> RCPT TO:<user@example.net>",
            "MAIL FROM:<> RCPT TO:<user@example.net>",
            "MAIL FROM:<relaytest@[192.0.2.25]> RCPT TO:<user@example.net>",
            "MAIL FROM:<relaytest@example.net> RCPT TO:<user%example.net@[192.0.2.25]>",
            "MAIL FROM:<relaytest@example.net> RCPT TO:<\"user@example.net\">",
            "MAIL FROM:<relaytest@example.net> RCPT TO:<user@example.net@mail.contoso.com>",
            "MAIL FROM:<relaytest@example.net> RCPT TO:<@mail.contoso.com:user@example.net>",
            "MAIL FROM:<relaytest@example.net> RCPT TO:<example.net!user>",
            "MAIL FROM:<relaytest@example.net>"
                + " RCPT TO:<IMCEASMTP-user+40example+2Enet@mail.contoso.com>");
  }

  @Test
  void addressesOfIpv6AreLiteralsOfRfc5321() {
    assertThat(RelayPatterns.of("user@example.net", "mail.contoso.com", "2001:db8::25"))
        .extracting(Pattern::sender)
        .contains("relaytest@[IPv6:2001:db8::25]");
  }

  /** Even where our own name is a domain that the class may send to. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "ours"})
  void theGuardRefusesEachThatItCanRead(String relay) {
    DataGroups groups =
        DataGroups.of(
            Map.of(
                "ours",
                new DataGroup(
                    "ours", DataGroup.Type.DOMAIN, List.of("contoso.com", ".contoso.com"), null)),
            Map.of());
    ClientClass open = ClientClass.everybody();
    RelayGuard guard =
        RelayGuard.of(
            new ClientClass(
                "internet",
                open.from(),
                relay,
                null,
                open.snat(),
                null,
                null,
                open.tls(),
                open.auth(),
                0,
                Map.of(),
                open.limits()),
            groups);

    for (Pattern pattern : ALL) {
      Path recipient = Path.parse(pattern.recipient());
      if (recipient != null) { // Else its RCPT is refused as no command.
        assertThat(guard.judge(recipient, false).answer())
            .as(pattern.name())
            .isEqualTo(Answer.REFUSED);
      }
    }
  }

  @Test
  void whatIsNoMailboxIsAFaultOfTheCaller() {
    for (String none : List.of("", "user", "@example.net", "user@")) {
      assertThatThrownBy(() -> RelayPatterns.of(none, "mail.contoso.com", "192.0.2.25"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
