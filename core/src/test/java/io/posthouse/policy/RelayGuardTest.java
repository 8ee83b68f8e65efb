package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.ClientClass;
import io.posthouse.policy.RelayVerdict.Answer;
import io.posthouse.smtp.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayGuardTest {
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
    "'@contoso.com,@b.example:a@contoso.com', REFUSED,",
    "'@contoso.com:postmaster', REFUSED,",
    "'\"a%victim.example\"@contoso.com', REFUSED,",
    "'\"victim.example!a\"@contoso.com', REFUSED,",
    "'\"a\\@victim.example\"@contoso.com', REFUSED,",
    "'\"a\\\"b\"@contoso.com', ACCEPTED, contoso.com",
    "IMCEASMTP-a+40victim+2Eexample@contoso.com, REFUSED,",
    "imceasmtp-a+40victim+2eexample@contoso.com, REFUSED,",
    "IMCEASMTP-a@contoso.com, REFUSED,",
    "IMCEAsmtp+2Da+40victim+2Eexample@contoso.com, REFUSED,",
    "+49MCEA+53MTP-a+40victim+2Eexample@contoso.com, REFUSED,",
    "IMCEAEX-a+40victim+2Eexample@contoso.com, REFUSED,",
    "IMCEAINVALID-victim+2Eexample+21a@contoso.com, REFUSED,",
    "IMCEAEX-IMCEASMTP+2Da+2B40victim@contoso.com, REFUSED,",
    "'\"IMCEASMTP-a+40victim.example\"@contoso.com', REFUSED,",
    "'\"IM\\CEA\\SMTP-a+40victim.example\"@contoso.com', REFUSED,",
    "IMCEAEX-_O=CONTOSO_OU=First+20Group_cn=Recipients_cn=user@contoso.com, ACCEPTED, contoso.com",
    "IMCEAFAX-+2B49891234@contoso.com, ACCEPTED, contoso.com",
    "imceasmtp@contoso.com, ACCEPTED, contoso.com",
    "user+40list@contoso.com, ACCEPTED, contoso.com",
    "user+4@contoso.com, ACCEPTED, contoso.com",
    "postmaster@victim.example, REFUSED,",
    "a@xn--bcher-kva.example, ACCEPTED, xn--bcher-kva.example",
    "a@BÜCHER.example, ACCEPTED, xn--bcher-kva.example",
    "ä@contoso.com, ACCEPTED, contoso.com",
    "a@[192.0.2.1], REFUSED,",
    "a@[IPv6:2001:db8::1], REFUSED,",
    "postmaster, ACCEPTED,",
    "POSTMASTER, ACCEPTED,",
  })
  void aDomainListLetsInItsDomainsAndNoTrick(String recipient, Answer answer, String entry) {
    RelayVerdict verdict = judged(DOMAINS, recipient);
    assertThat(verdict.answer()).isEqualTo(answer);
    Entry by = verdict.entry();
    assertThat(by == null ? null : by.text()).isEqualTo(entry);
  }

  @Test
  void theReasonNamesEntryAndPlaceOrWhatIsMissing() {
    assertThat(judged(DOMAINS, "a@sub.contoso.com").reason())
        .isEqualTo(".contoso.com in accepted, domains.txt line 4");
    assertThat(judged(DOMAINS, "a@Fabrikam.com").reason())
        .isEqualTo("no entry of accepted is for fabrikam.com");
  }

  @Test
  void theReasonNamesWhatIsEncapsulated() {
    assertThat(judged(DOMAINS, "IMCEASMTP-a+40victim+2Eexample@contoso.com").reason())
        .isEqualTo("its local part holds another address, as Exchange encapsulates them (IMCEA)");
  }

  @ParameterizedTest
  @CsvSource({
    "a@victim.example, ACCEPTED, MEMBERS_DECIDE, REFUSED",
    "a%victim.example@contoso.com, ACCEPTED, MEMBERS_DECIDE, REFUSED",
    "postmaster, ACCEPTED, MEMBERS_DECIDE, ACCEPTED",
  })
  void anyTakesAllServerAsksTheMembersNoneWantsALogin(
      String recipient, Answer any, Answer server, Answer none) {
    assertThat(judged(new RelayRight.Anybody(), recipient).answer()).isEqualTo(any);
    assertThat(judged(new RelayRight.Members(), recipient).answer()).isEqualTo(server);
    assertThat(judged(new RelayRight.Nobody(), recipient).answer()).isEqualTo(none);
  }

  @ParameterizedTest
  @CsvSource({"none, MEMBERS_DECIDE", "any, ACCEPTED", "server, MEMBERS_DECIDE"})
  void aLoginLiftsOnlyWhatNobodyWasGranted(String relay, Answer after) {
    RelayGuard guard = RelayGuard.of(clientClass("relay: " + relay), DataGroups.NONE);
    assertThat(guard.judge(path("a@x.example"), true).answer()).isEqualTo(after);
  }

  @Test
  void aLoginGivesWhatTheClassSays() {
    RelayGuard guard = new RelayGuard(DOMAINS, new RelayRight.Anybody());
    assertThat(guard.judge(path("a@x.example"), false).answer()).isEqualTo(Answer.REFUSED);
    assertThat(guard.judge(path("a@x.example"), true).answer()).isEqualTo(Answer.ACCEPTED);
  }

  private static ClientClass clientClass(String keys) {
    String file =
        """
        version: 1
        client-classes: { all: { from: any, %s } }
        pools: { hub: { members: { m: "192.0.2.1:25" } } }
        virtual-servers: { VS: { listen: 127.0.0.1:25, pool: hub, classes: all } }
        """;
    if (ConfigFile.read("t.yaml", file.formatted(keys)) instanceof ConfigFile.Read read) {
      return Objects.requireNonNull(read.configuration().clientClasses().get("all"));
    }
    throw new AssertionError(ConfigFile.read("t.yaml", file.formatted(keys)));
  }

  private static RelayVerdict judged(RelayRight right, String recipient) {
    return new RelayGuard(right, right).judge(path(recipient), false);
  }

  private static Path path(String recipient) {
    return Objects.requireNonNull(Path.parse(recipient), recipient);
  }
}
