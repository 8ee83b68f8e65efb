package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.AdminServer;
import io.posthouse.admin.House;
import io.posthouse.admin.WhyQuestion;
import io.posthouse.model.Endpoint;
import io.posthouse.store.TokenFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WhyCommandTest {
  private final House house = new House();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path directory;
  private AdminServer server;

  @Command(name = "posthouse")
  private static final class Root {}

  @BeforeEach
  void start() throws Exception {
    server =
        AdminServer.start(new Endpoint("127.0.0.1", 0), TokenFile.open(directory), house.doors());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void saysAllThatHappensToAClient() {
    assertThat(
            run(
                "-c",
                "f",
                "10.20.7.9",
                "--sender",
                "a@contoso.com",
                "--recipient",
                "b@contoso.com"))
        .isZero();
    assertThat(out)
        .hasToString(
            """
            SMTP_VS (mode smtp, 127.0.0.1:2525) lets 10.20.7.9 in
            class         relay, by 10.20.0.0/16 in applications (the configuration file)
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

            NEXT  MEMBER  ADDRESS       STATE     EFFECTIVE  SOURCE         WHY
            1     ex2     10.1.1.22:25  enabled   up         172.16.51.174  round-robin
            -     ex1     10.1.1.21:25  draining  up         172.16.51.174  is draining

            """);
  }

  @Test
  void saysThatAClientIsRefusedAndWhichClassesItIsNotOf() {
    assertThat(run("-c", "f", "192.0.2.7", "--server", "SMTP_VS")).isEqualTo(1);
    assertThat(out)
        .hasToString(
            """
            SMTP_VS (mode smtp, 127.0.0.1:2525) refuses 192.0.2.7: it is of no client class
            not of  relay (applications)

            """);
  }

  @Test
  void aRefusedRecipientIsAFinding() {
    assertThat(run("-c", "f", "10.20.7.9", "--recipient", "b@fabrikam.com")).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "recipient     <b@fabrikam.com> is refused: no entry of domains is for fabrikam.com\n");
  }

  @Test
  void aCandidateNeedsNoRunningPosthouseAndIsToldTheSameWay() {
    assertThat(run("--candidate", "f", "10.20.7.9")).isZero();
    String candidate = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("-c", "f", "10.20.7.9")).isZero();
    assertThat(out).hasToString(candidate);
  }

  @Test
  void jsonIsTheAnswerAsItIs() {
    assertThat(run("--json", "-c", "f", "10.20.7.9", "--recipient", "a@Contoso.com")).isZero();
    JsonNode json = new JsonMapper().readTree(out.toString());
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
    assertThat(run("-c", "f", client, "--server", asked)).isEqualTo(2);
    assertThat(err.toString()).startsWith("posthouse: ").contains(problem).doesNotContain("\u001b");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    CommandLine root = new CommandLine(new Root());
    ClientCommands.addTo(
        root,
        new ClientContext(
            file -> new Target(server.address(), TokenFile.in(directory)),
            (file, asked) -> WhyQuestion.answer(asked, house.doors().explainer()),
            file -> {
              throw new AssertionError("no command here audits");
            },
            new PrintWriter(out),
            new PrintWriter(err),
            0,
            () -> 0,
            time -> {}));
    String[] all = new String[arguments.length + 1];
    all[0] = "why";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return root.execute(all);
  }
}
