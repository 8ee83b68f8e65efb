package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.policy.RelayVerdict.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayVerdictTest {
  private static final RelayRight DOMAINS =
      new RelayRight.Domains(
          "accepted",
          DomainSet.of(
              List.of(
                  new Entry("contoso.com", "domains.txt line 3"),
                  new Entry(".contoso.com", "domains.txt line 4"),
                  new Entry("xn--bcher-kva.example", "the configuration file"))));

  @ParameterizedTest
  @CsvSource({
    "a@contoso.com, ACCEPTED, contoso.com",
    "a@CONTOSO.com, ACCEPTED, contoso.com",
    "a@sub.contoso.com, ACCEPTED, .contoso.com",
    "a@bücher.example, ACCEPTED, xn--bcher-kva.example",
    "'\"a b\"@contoso.com', ACCEPTED, contoso.com",
    "a@contoso.com.evil.example, REFUSED,",
    "a@notcontoso.com, REFUSED,",
    "a@sub.bücher.example, REFUSED,",
    "a%victim.example@contoso.com, REFUSED,",
    "victim.example!a@contoso.com, REFUSED,",
    "'\"a@victim.example\"@contoso.com', REFUSED,",
    "'@contoso.com:a@contoso.com', REFUSED,",
    "a@[192.0.2.1], REFUSED,",
    "postmaster, ACCEPTED,",
    "POSTMASTER, ACCEPTED,",
  })
  void aDomainListLetsInItsDomainsAndNoTrick(String recipient, Answer answer, String entry) {
    RelayVerdict verdict = RelayVerdict.of(DOMAINS, recipient);
    assertThat(verdict.answer()).isEqualTo(answer);
    Entry by = verdict.entry();
    assertThat(by == null ? null : by.text()).isEqualTo(entry);
  }

  @Test
  void theReasonNamesEntryAndPlaceOrWhatIsMissing() {
    assertThat(RelayVerdict.of(DOMAINS, "a@sub.contoso.com").reason())
        .isEqualTo(".contoso.com in accepted, domains.txt line 4");
    assertThat(RelayVerdict.of(DOMAINS, "a@Fabrikam.com").reason())
        .isEqualTo("no entry of accepted is for fabrikam.com");
  }

  @ParameterizedTest
  @CsvSource({
    "a@victim.example, ACCEPTED, MEMBERS_DECIDE, REFUSED",
    "a%victim.example@contoso.com, ACCEPTED, MEMBERS_DECIDE, REFUSED",
    "postmaster, ACCEPTED, MEMBERS_DECIDE, ACCEPTED",
  })
  void anyTakesAllServerAsksTheMembersNoneWantsALogin(
      String recipient, Answer any, Answer server, Answer none) {
    assertThat(RelayVerdict.of(new RelayRight.Anybody(), recipient).answer()).isEqualTo(any);
    assertThat(RelayVerdict.of(new RelayRight.Members(), recipient).answer()).isEqualTo(server);
    assertThat(RelayVerdict.of(new RelayRight.Nobody(), recipient).answer()).isEqualTo(none);
  }
}
