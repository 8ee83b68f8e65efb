package io.posthouse.config;

import static io.posthouse.config.Sample.the;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.AdminState;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.Capability;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.model.Persistence;
import io.posthouse.model.Pool;
import io.posthouse.model.Size;
import io.posthouse.model.SmtpSettings;
import io.posthouse.model.VirtualServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  private static final Pattern SEEDED = Pattern.compile("#! ([0-9]+) (.*)$");

  @Test
  void readsTheSmallestUsefulFile() {
    Configuration configuration =
        Sample.read(
            """
            version: 1
            pools:
              hub:
                members:
                  ex1: 10.1.1.21:25
            virtual-servers:
              SMTP_VS: { listen: 172.16.51.174:25, mode: tcp, pool: hub }
            """);

    Pool hub = the(configuration.pools(), "hub");
    assertThat(hub.name()).isEqualTo("hub");
    assertThat(hub.balance()).isEqualTo(BalanceMethod.ROUND_ROBIN);
    assertThat(hub.queue()).isEqualTo(new Pool.Queue(100, Duration.ofSeconds(5)));
    assertThat(the(hub.members(), "ex1"))
        .isEqualTo(
            new Member(
                "ex1",
                new Endpoint("10.1.1.21", 25),
                1,
                0,
                0,
                AdminState.ENABLED,
                null,
                true,
                null));
    VirtualServer server = the(configuration.virtualServers(), "SMTP_VS");
    assertThat(server.listen()).containsExactly(new Endpoint("172.16.51.174", 25));
    assertThat(server.idleTimeout()).isEqualTo(Duration.ofMinutes(11));
    assertThat(server.persistence()).isNull();
    assertThat(configuration.admin().listen()).isEqualTo(new Endpoint("127.0.0.1", 8025));
    assertThat(configuration.limits().shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(configuration.monitors()).isEmpty();
  }

  @Test
  void whereTheFileIsSilentTheModeIsSmtpWithTheTimesOfTheRfc() {
    Configuration configuration = Sample.read(Sample.with("    mode: tcp\n", ""));

    VirtualServer server = the(configuration.virtualServers(), "SMTP_VS");
    assertThat(server.mode()).isEqualTo(VirtualServer.Mode.SMTP);
    assertThat(server.whenDownInEffect()).isEqualTo(VirtualServer.WhenDown.TEMPFAIL);
    assertThat(server.smtp())
        .isEqualTo(
            new SmtpSettings(
                SmtpSettings.LineEnds.REJECT,
                Size.ZERO,
                1000,
                20,
                Duration.ofMinutes(5),
                Duration.ofMinutes(3),
                100,
                SmtpSettings.Auth.OVER_TLS));
    Pool hub = the(configuration.pools(), "hub");
    assertThat(hub.capabilities()).isEmpty();
    assertThat(hub.retry())
        .isEqualTo(new Pool.Retry(3, Duration.ofMinutes(2), new Size(256 << 10)));
    assertThat(hub.reuse()).isEqualTo(new Pool.Reuse(5, Duration.ofSeconds(10)));
    assertThat(the(hub.members(), "ex1").reuse()).isTrue();
  }

  @Test
  void onlyModeSmtpWithoutAHostnameNeedsTheMachinesName() {
    String smtp = Sample.with("mode: tcp", "mode: smtp");

    assertThat(Sample.read(smtp).needsHostname()).isTrue();
    assertThat(Sample.read("hostname: mail.contoso.com\n" + smtp).needsHostname()).isFalse();
    assertThat(Sample.read("hostname: \"[192.0.2.1]\"\n" + smtp).needsHostname()).isFalse();
    assertThat(Sample.read(Sample.GOOD).needsHostname()).isFalse();
  }

  @Test
  void readsClassesAndWhatTheyName() {
    Configuration read = Sample.read(Sample.resource("every-key.yaml"));

    ClientClass relay = the(read.clientClasses(), "relay");
    assertThat(relay.from()).containsExactly("trusted", "gateways");
    assertThat(relay.limits()).isEqualTo(new ClientClass.Limits(100, 20, 3000, 300));
    assertThat(relay.memberAddresses().values())
        .extracting(ClientClass.MemberAddress::address)
        .containsExactly(new Endpoint("10.1.1.123", 25));
    assertThat(the(read.dataGroups(), "gateways").values())
        .containsExactly("192.168.0.31", "192.168.0.32");
    assertThat(the(read.dataGroups(), "domains").file()).isEqualTo("domains.txt");
    assertThat(the(read.snatPools(), "outside").addresses()).hasSize(2);
    assertThat(the(read.clientClasses(), "internet").memberPort()).isEqualTo(2525);
  }

  @Test
  void readsTheProductsExampleReducedToThisRelease() {
    Configuration configuration = Sample.read(Sample.resource("product-example.yaml"));

    Monitor monitor = the(configuration.monitors(), "exch_smtp");
    assertThat(monitor.depth()).isEqualTo(Monitor.Depth.RECIPIENT);
    assertThat(monitor.downTimeOrInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(monitor.port().orElse(25)).isEqualTo(25);
    Member ex2 = the(the(configuration.pools(), "hub").members(), "ex2");
    assertThat(ex2.weight()).isEqualTo(2);
    assertThat(ex2.priority()).isEqualTo(10);
  }

  @Test
  void readsEveryKey() {
    Configuration configuration = Sample.read(Sample.resource("every-key.yaml"));

    VirtualServer first = the(configuration.virtualServers(), "first");
    assertThat(first.whenDown()).isEqualTo(VirtualServer.WhenDown.REPLY_421);
    assertThat(first.persistence())
        .isEqualTo(
            new Persistence(
                Persistence.By.SOURCE_ADDRESS,
                Duration.ofMinutes(3),
                new Persistence.Prefix(24, 56)));
    VirtualServer second = the(configuration.virtualServers(), "second");
    assertThat(second.persistence())
        .extracting(Persistence::prefix)
        .isEqualTo(new Persistence.Prefix(24, 64));
    assertThat(the(configuration.virtualServers(), "third").smtp())
        .isEqualTo(
            new SmtpSettings(
                SmtpSettings.LineEnds.REJECT,
                new Size(50L << 20),
                100,
                5,
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                0,
                SmtpSettings.Auth.OVER_TLS));
    Pool hub = the(configuration.pools(), "hub.eu-1");
    assertThat(hub.capabilities()).containsExactly(Capability.values());
    assertThat(hub.retry()).isEqualTo(new Pool.Retry(1, Duration.ofSeconds(30), new Size(1 << 20)));
    assertThat(hub.reuse()).isEqualTo(new Pool.Reuse(0, Duration.ofSeconds(1)));
    assertThat(the(hub.members(), "ex1").reuse()).isFalse();
    assertThat(hub.monitors()).containsExactly("alive");
    assertThat(the(hub.members(), "ex2").monitors()).isEmpty();
    assertThat(the(configuration.monitors(), "deep").port().orElse(25)).isEqualTo(10025);
  }

  @Test
  void readsTheShippedExample() {
    assertThat(Sample.read(Sample.projectText("examples/posthouse.yaml")).pools())
        .containsOnlyKeys("hub");
  }

  @Test
  void tellsTwentyFourErrorsInOneRunEachWithLineAndColumn() {
    String text = Sample.resource("twenty-four-errors.yaml");
    List<String> expected = new ArrayList<>();
    List<String> words = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher seeded = SEEDED.matcher(lines.get(i));
      if (seeded.find()) {
        expected.add("t.yaml:" + (i + 1) + ":" + seeded.group(1) + ": error");
        words.add(seeded.group(2));
      }
    }

    List<Problem> problems = ConfigFile.read("t.yaml", text).problems();

    assertThat(expected).hasSize(24);
    assertThat(problems)
        .extracting(Problem::toString)
        .extracting(line -> line.substring(0, line.indexOf(": ", line.indexOf(": ") + 1)))
        .containsExactlyElementsOf(expected);
    for (int i = 0; i < words.size(); i++) {
      assertThat(problems.get(i).message()).contains(words.get(i));
    }
  }

  @Test
  void keepsTheOrderOfTheFile() {
    Configuration configuration =
        Sample.read(
            Sample.with("ex1: 10.1.1.21:25", "zulu: 10.1.1.23:25\n      ex1: 10.1.1.21:25"));

    assertThat(the(configuration.pools(), "hub").members().keySet())
        .containsExactly("zulu", "ex1", "ex2");
  }

  @Test
  void printsFileLineColumnAndPath() {
    assertThat(Sample.problem(Sample.with("weight: 2", "wieght: 2")))
        .isEqualTo(
            "t.yaml:9:37: error: pools.hub.members.ex2.wieght: unknown key; did you mean weight?");
  }

  @Test
  void takesAWordThatYamlElevenWouldTakeForFalse() {
    assertThat(Sample.read(Sample.GOOD.replace("hub", "no")).pools()).containsOnlyKeys("no");
  }

  @Test
  void tellsWarningsOfAFileThatIsRead() {
    ConfigFile.Result result =
        ConfigFile.read("t.yaml", Sample.with("monitors: [alive]", "monitors: []"));

    assertThat(result).isInstanceOf(ConfigFile.Read.class);
    assertThat(result.problems())
        .first()
        .asString()
        .startsWith("t.yaml:3:3: warning: monitors.alive: no pool and no member uses");
  }

  @Test
  void portZeroIsForTestsOnly() {
    String text = Sample.with("172.16.51.174:25", "127.0.0.1:0");

    assertThat(Sample.problem(text)).contains("t.yaml:12:13", "port 0");
    assertThat(ConfigFile.read("t.yaml", text, ConfigFile.Ports.ANY))
        .isInstanceOf(ConfigFile.Read.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# only a comment\n", "---\n...\n", "null", "5", "[]", "{}", "a", "*a"})
  void refusesAFileThatIsNoConfiguration(String text) {
    assertThat(ConfigFile.read("t.yaml", text)).isInstanceOf(ConfigFile.Refused.class);
    assertThat(Sample.problems(text)).isNotEmpty().allMatch(line -> line.startsWith("t.yaml:"));
  }

  @Test
  void aMissingSectionIsToldAtTheTop() {
    assertThat(Sample.problems("version: 1\n"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("t.yaml:1:1: error: the file has no pools; add"),
            second -> assertThat(second).contains("has no virtual-servers"));
  }

  @Test
  void anErrorElsewhereStillTellsWhereTheRunningOneIs() {
    String where = "state-directory: here\nadmin: { listen: 127.0.0.1:9 }\n";
    String wrong = Sample.with("weight: 2", "wait: 2");

    assertThat(whereabouts(where + wrong))
        .isEqualTo(new ConfigFile.Whereabouts(new Endpoint("127.0.0.1", 9), "here"));
    assertThat(whereabouts("amdin: { listen: 127.0.0.1:9 }\n" + wrong)).isNull();
    assertThat(whereabouts("admin: { listen: 9 }\n" + wrong)).isNull();
    assertThat(whereabouts("[")).isNull();
  }

  private static ConfigFile.@Nullable Whereabouts whereabouts(String text) {
    return ((ConfigFile.Refused) ConfigFile.read("t.yaml", text)).whereabouts();
  }

  @Test
  void normalisedLineEndsAreNoProblem() {
    Configuration read =
        Sample.read(
            """
            version: 1
            pools: { hub: { members: { a: 10.1.1.21:25 } } }
            virtual-servers:
              VS: { listen: 127.0.0.1:25, pool: hub, smtp: { line-ends: normalise } }
            """);

    assertThat(read.virtualServers().values())
        .extracting(server -> server.smtp().lineEnds())
        .containsExactly(SmtpSettings.LineEnds.NORMALISE);
  }
}
