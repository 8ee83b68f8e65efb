package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.WhyQuestion;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WhyCommandTest {
  private final Shell shell;

  WhyCommandTest(@TempDir Path directory) {
    shell = new Shell(directory);
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  @Test
  void saysAllThatHappensToAClient() {
    assertThat(
            shell.run(
                "why",
                "-c",
                "f",
                "10.20.7.9",
                "--sender",
                "a@contoso.com",
                "--recipient",
                "b@contoso.com"))
        .isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            SMTP_VS (mode smtp, 127.0.0.1:2525) lets 10.20.7.9 in
            class         relay, by 10.20.0.0/16 in applications (the configuration file)
            beware        should rule big fire, these lines may be otherwise
            pool          hub, round-robin, no persistence
            source        172.16.51.174
            members hear  its address by XCLIENT
            must use      TLS, before MAIL
            limits        connections-per-client 20 (3 now)
            may send to   the domains in domains
            sender        <a@contoso.com> is inside
            recipient     <b@contoso.com> is accepted: contoso.com in domains, the configuration file
            edge checks   all, told at recipient

            CHECK          ACTION  LOOKS AT
            early-talkers  refuse  whether it talks within 2000 ms
            dns-lists      refuse  zen.example.org 2, dnswl.example.net -2; from 2 on

            RULE      AT     THEN    FOR THIS CLIENT
            own-name  hello  refuse  depends on helo
            visitors  mail   close   does not fire
            news      mail   pool    does not fire
            big       mail   snat    depends on size

            NEXT  MEMBER  ADDRESS       STATE     EFFECTIVE  SOURCE         WHY
            1     ex2     10.1.1.22:25  enabled   up         172.16.51.174  round-robin
            -     ex1     10.1.1.21:25  draining  up         172.16.51.174  is draining

            """);
  }

  @Test
  void saysThatAClientIsRefusedAndWhichClassesItIsNotOf() {
    assertThat(shell.run("why", "-c", "f", "192.0.2.7", "--server", "SMTP_VS")).isEqualTo(1);
    assertThat(shell.out())
        .isEqualTo(
            """
            SMTP_VS (mode smtp, 127.0.0.1:2525) refuses 192.0.2.7: it is of no client class
            not of  relay (applications)

            """);
  }

  @Test
  void whatARuleChoosesTheLinesFollow() {
    assertThat(shell.run("why", "-c", "f", "10.20.7.9", "--sender", "news@contoso.com")).isZero();
    assertThat(shell.out())
        .contains(
            """
            class         relay, by 10.20.0.0/16 in applications (the configuration file)
            by rules      pool bulk (news)
            beware        should rule big fire, these lines may be otherwise
            pool          bulk, two-choices, no persistence
            """)
        .contains("news      mail   pool    fires: bulk\n");
  }

  @Test
  void aRefusedRecipientIsAFinding() {
    assertThat(shell.run("why", "-c", "f", "10.20.7.9", "--recipient", "b@fabrikam.com"))
        .isEqualTo(1);
    assertThat(shell.out())
        .contains(
            "recipient     <b@fabrikam.com> is refused: no entry of domains is for fabrikam.com\n");
  }

  @Test
  void aCandidateNeedsNoRunningPosthouseAndIsToldTheSameWay() {
    shell.candidates = (file, asked) -> WhyQuestion.answer(asked, shell.house.doors().explainer());
    assertThat(shell.run("why", "--candidate", "f", "10.20.7.9")).isZero();
    String candidate = shell.out();
    shell.clear();
    assertThat(shell.run("why", "-c", "f", "10.20.7.9")).isZero();
    assertThat(shell.out()).isEqualTo(candidate);
  }

  @Test
  void jsonIsTheAnswerAsItIs() {
    assertThat(shell.run("why", "--json", "-c", "f", "10.20.7.9", "--recipient", "a@Contoso.com"))
        .isZero();
    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.path("accepted").asBoolean()).isTrue();
    JsonNode only = json.at("/virtual-servers/0");
    assertThat(only.at("/class/entry").asString()).isEqualTo("10.20.0.0/16");
    assertThat(only.at("/relay/verdict").asString()).isEqualTo("accepted");
    assertThat(only.at("/members/0/turn").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "mail.example.org, MX, DNS is not asked",
    "192.0.2.7, MX, there is no virtual server MX",
    "'192.0.2.7\u001b[2J', SMTP_VS, control characters",
    "'', SMTP_VS, which client?",
  })
  void aBadQuestionIsWrongUsage(String client, String asked, String problem) {
    assertThat(shell.run("why", "-c", "f", client, "--server", asked)).isEqualTo(2);
    assertThat(shell.err()).startsWith("posthouse: ").contains(problem).doesNotContain("\u001b");
    assertThat(shell.out()).isEmpty();
  }
}
