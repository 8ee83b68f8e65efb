package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.DataGroup;
import io.posthouse.model.IpAddress;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.Explanation.Admission;
import io.posthouse.policy.Explanation.Believing;
import io.posthouse.policy.RelayVerdict.Answer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
  private static final String FILE =
      """
      version: 1
      data-groups:
        hosts:   [10.20.7.8, "2001:db8:20::/48"]
        nets:    { file: nets.txt }
        front:   [192.0.2.1]
        domains: { type: domain, values: [contoso.com] }
      snat-pools:
        outside: [172.16.51.175, "2001:db8::175", 172.16.51.176]
      client-classes:
        relay:    { from: [hosts, nets], relay: any, snat: 172.16.51.174, pool: smart }
        own:      { from: front, relay: server, snat: none }
        internet: { from: any, relay: domains, snat: outside }
      pools:
        hub:   { members: { a: "10.1.1.21:25" } }
        smart: { members: { a: "10.1.1.22:25" } }
      virtual-servers:
        MX:   { listen: "127.0.0.1:25", pool: hub, classes: [relay, own, internet] }
        IN:   { listen: "127.0.0.1:26", pool: hub, classes: [relay], believe: { proxy: front } }
        TCP:  { listen: "127.0.0.1:27", pool: hub, mode: tcp, classes: [internet] }
        OPEN: { listen: "127.0.0.1:28", pool: hub }
      """;
  private static final Configuration CONFIGURATION = configuration();
  private static final DataGroups GROUPS =
      DataGroups.of(
          CONFIGURATION.dataGroups(),
          Map.of(
              "nets",
              ListText.read(
                  "nets.txt",
                  DataGroup.Type.ADDRESS,
                  "# ours\n10.0.0.0/8\n10.20.0.0/16\n".getBytes(StandardCharsets.UTF_8))));

  private static Configuration configuration() {
    if (ConfigFile.read("posthouse.yaml", FILE) instanceof ConfigFile.Read read) {
      return read.configuration();
    }
    throw new AssertionError(ConfigFile.read("posthouse.yaml", FILE));
  }

  private static Explanation explain(String server, String client, @Nullable String recipient) {
    VirtualServer of = CONFIGURATION.virtualServers().get(server);
    InetAddress address = IpAddress.parse(client).orElseThrow();
    if (of == null) {
      throw new AssertionError(server);
    }
    return Explanation.of(CONFIGURATION, GROUPS, of, address, recipient);
  }

  private static Admission admission(String server, String client) {
    Admission admission = explain(server, client, null).admission();
    if (admission == null) {
      throw new AssertionError("refused");
    }
    return admission;
  }

  @ParameterizedTest
  @CsvSource({
    "10.20.7.8, relay, hosts, 10.20.7.8, the configuration file",
    "10.20.7.9, relay, nets, 10.20.0.0/16, nets.txt line 3",
    "10.21.0.1, relay, nets, 10.0.0.0/8, nets.txt line 2",
    "::ffff:10.20.7.9, relay, nets, 10.20.0.0/16, nets.txt line 3",
    "2001:db8:20::9, relay, hosts, 2001:db8:20::/48, the configuration file",
    "192.0.2.1, own, front, 192.0.2.1, the configuration file",
  })
  void theEntryIsTheNarrowestOfTheFirstListOfTheFirstClass(
      String client, String of, String group, String entry, String place) {
    Admission admission = admission("MX", client);
    assertThat(admission.settings().name()).isEqualTo(of);
    assertThat(admission.group()).isEqualTo(group);
    assertThat(admission.entry()).isEqualTo(new Entry(entry, place));
  }

  @Test
  void aClassOfEverybodyHasNoEntryAndTheClassesBeforeItAreNamed() {
    Explanation explanation = explain("MX", "198.51.100.7", null);
    assertThat(explanation.missed()).extracting(ClientClass::name).containsExactly("relay", "own");
    Admission admission = admission("MX", "198.51.100.7");
    assertThat(admission.group()).isEqualTo("any");
    assertThat(admission.entry()).isNull();
    assertThat(admission("OPEN", "198.51.100.7").settings().name()).isEqualTo("everybody");
  }

  @Test
  void aClientOfNoClassIsRefusedAndEachClassWasMissed() {
    Explanation explanation = explain("IN", "198.51.100.7", "a@contoso.com");
    assertThat(explanation.admission()).isNull();
    assertThat(explanation.missed()).extracting(ClientClass::name).containsExactly("relay");
  }

  @ParameterizedTest
  @CsvSource({
    "MX, 10.20.7.8, smart",
    "MX, 198.51.100.7, hub",
    "OPEN, 10.20.7.8, hub",
  })
  void thePoolIsTheClassesOwnOrTheVirtualServers(String server, String client, String pool) {
    assertThat(admission(server, client).pool().name()).isEqualTo(pool);
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, 10.20.7.8, , ",
    "MX, 10.20.7.8, 172.16.51.174, ",
    "MX, 192.0.2.1, 192.0.2.1, ",
  })
  void sourcesAreThoseThatMembersOfEachFamilySee(
      String server, String client, String ipv4, String ipv6) {
    Explanation.Sources sources = admission(server, client).sources();
    assertThat(sources.ipv4()).isEqualTo(ipv4 == null ? null : InetAddress.ofLiteral(ipv4));
    assertThat(sources.ipv6()).isEqualTo(ipv6 == null ? null : InetAddress.ofLiteral(ipv6));
  }

  @Test
  void aClientOfASnatPoolHasTheSameAddressEachTime() {
    Explanation.Sources sources = admission("MX", "198.51.100.7").sources();
    assertThat(admission("TCP", "198.51.100.7").sources()).isEqualTo(sources);
    assertThat(sources.ipv4())
        .extracting(InetAddress::getHostAddress)
        .asString()
        .matches("172\\.16\\.51\\.17[56]");
    assertThat(sources.ipv6()).isEqualTo(InetAddress.ofLiteral("2001:db8::175"));
  }

  @ParameterizedTest
  @CsvSource({
    "MX, a@contoso.com, ACCEPTED",
    "MX, a@fabrikam.com, REFUSED",
    "TCP, a@fabrikam.com, MEMBERS_DECIDE",
    "OPEN, a@fabrikam.com, MEMBERS_DECIDE",
  })
  void theRecipientMeetsTheRelayRightOfTheClass(String server, String recipient, Answer answer) {
    Admission admission = explain(server, "198.51.100.7", recipient).admission();
    RelayVerdict relay = admission == null ? null : admission.relay();
    assertThat(relay).isNotNull().extracting(RelayVerdict::answer).isEqualTo(answer);
  }

  @Test
  void whoseWordIsTakenIsTold() {
    assertThat(explain("IN", "192.0.2.1", null).believed())
        .isEqualTo(new Believing(true, true, false));
    assertThat(explain("IN", "10.20.7.8", null).believed())
        .isEqualTo(new Believing(true, false, false));
    assertThat(explain("MX", "192.0.2.1", null).believed())
        .isEqualTo(new Believing(false, false, false));
  }
}
