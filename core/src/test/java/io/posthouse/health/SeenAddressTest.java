package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.policy.ProbeSource;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeenAddressTest {
  private static final ProbeResult PASSED = new ProbeResult.Passed("hello");

  private static @Nullable InetAddress address(@Nullable String literal) {
    return literal == null ? null : InetAddress.ofLiteral(literal);
  }

  private static Reply ehlo(String line) {
    return new Reply(250, List.of(line, "SIZE 37748736", "PIPELINING"));
  }

  private static Sighting sighting(
      Announce announce, @Nullable String local, Introduction said, ProbeResult result) {
    ProbeOrder order =
        new ProbeOrder(
            "hub",
            "ex1",
            new Endpoint("10.1.1.21", 25),
            Monitors.smtp(Depth.HELLO, null),
            MemberTls.OFF,
            null,
            announce,
            ProbeSource.AUTOMAP);
    return Sighting.of(order, address(local), said, result);
  }

  private static Sighting sighting(Announce announce, @Nullable String local, String line) {
    return sighting(announce, local, new Introduction(null, ehlo(line), null), PASSED);
  }

  /** Exchange, Exim, OpenSMTPD, Sendmail, Domino, James, Google, MailEnable, Haraka. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ex1.contoso.com Hello [10.21.1.32]                                       | 10.21.1.32
          EX1.contoso.com Hello [fe80::d5b:9aae:8a4c:1f2e%6]                       | fe80::d5b:9aae:8a4c:1f2e
          AM0PR01CA0001.outlook.office365.com Hello [203.0.113.9]                  | 203.0.113.9
          mx.example.net Hello lb.example.net [10.0.0.5]                           | 10.0.0.5
          mx.example.net Hello lb.example.net [2001:db8::5]                        | 2001:db8::5
          mx.example.net Hello root at lb.example.net [10.0.0.5]                   | 10.0.0.5
          mx.example.org Hello lb.example.net [10.0.0.5], pleased to meet you      | 10.0.0.5
          mx.example.org Hello lb [IPv6:2001:db8::5], pleased to meet you          | 2001:db8::5
          mx Hello lb.example.net [10.0.0.5] (may be forged), pleased to meet you  | 10.0.0.5
          mx.example.org Hello lb.example.net ([10.0.0.5]), pleased to meet you    | 10.0.0.5
          mx Hello lb.example.net (lb.example.net [10.0.0.5])                      | 10.0.0.5
          mx.google.com at your service, [203.0.113.9]                             | 203.0.113.9
          mail.example.com [10.0.0.5], this server offers 4 extensions             | 10.0.0.5
          mx Hello lb.example.net [10.0.0.5]Haraka is at your service.             | 10.0.0.5
          mx Hello [192.0.2.7] [10.0.0.5]                                          | 10.0.0.5
          [10.1.1.21] Hello lb.example.net [10.0.0.5]                              | 10.0.0.5
          mx Hello [::ffff:10.0.0.5]                                               | 10.0.0.5
          """)
  void isReadFromWhatServersSay(String line, String address) {
    assertThat(SeenAddress.in(ehlo(line))).isEqualTo(address(address));
  }

  /** Postfix, a server that is named by its address, and what only looks like one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mx.example.net",
        "[10.1.1.21]",
        "mx Hello lb.example.net 10.0.0.5",
        "mx Hello [300.1.1.1]",
        "mx Hello [10.1]",
        "mx Hello [lb.example.net]",
        "mx Hello [::1",
        "mx Hello [:::::]",
        "mx Hello []"
      })
  void isNotGuessed(String line) {
    assertThat(SeenAddress.in(ehlo(line))).isNull();
  }

  @Test
  void aRefusalNamesNone() {
    assertThat(SeenAddress.in(Reply.of(550, "no service for [10.0.0.5]"))).isNull();
  }

  @Test
  void anotherAddressThanOursIsATranslation() {
    assertThat(sighting(Announce.NONE, "10.1.1.4", "mx Hello [10.9.9.9]").problem())
        .isEqualTo(
            "connects from 10.1.1.4, but the member sees 10.9.9.9: an address translation is"
                + " between");
    assertThat(sighting(Announce.NONE, "10.1.1.4", "mx Hello [10.1.1.4]").problem()).isEmpty();
    assertThat(sighting(Announce.NONE, "10.1.1.4", "mx").problem()).isEmpty();
    assertThat(sighting(Announce.NONE, null, "mx Hello [10.9.9.9]").problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY_V1", "PROXY_V2", "XCLIENT"})
  void whoIsToldMustSeeWhatItIsTold(Announce announce) {
    assertThat(sighting(announce, "10.1.1.4", "mx Hello [10.9.9.9]").problem())
        .isEqualTo(
            "says that it is 10.1.1.4, but the member sees 10.9.9.9: it does not believe what it"
                + " is told");
    assertThat(sighting(announce, "10.1.1.4", "mx Hello [10.1.1.4]").problem()).isEmpty();
  }

  @Test
  void whatIsSaidInsideTlsCounts() {
    Introduction said =
        new Introduction(null, ehlo("mx Hello [10.9.9.9]"), ehlo("mx Hello [10.1.1.4]"));
    assertThat(sighting(Announce.NONE, "10.1.1.4", said, PASSED).seen())
        .isEqualTo(address("10.1.1.4"));
  }

  @Test
  void eachSourceIsShownOnceByTheProbeThatTellsMost() {
    Sighting blind = sighting(Announce.NONE, "10.1.1.4", "mx");
    Sighting sees = sighting(Announce.NONE, "10.1.1.4", "mx Hello [10.1.1.4]");
    Sighting lost = sighting(Announce.NONE, null, Introduction.NONE, Monitors.FAILED);
    assertThat(Sighting.bySource(List.of(lost, blind, sees, blind))).containsExactly(sees);
  }

  @Test
  void anAddressThatCannotBeUsedIsTheProblem() {
    ProbeResult result = new ProbeResult.Inconclusive(ProbeStep.SOURCE, "cannot leave from x");
    assertThat(sighting(Announce.NONE, null, Introduction.NONE, result).problem())
        .isEqualTo("cannot leave from x");
  }
}
