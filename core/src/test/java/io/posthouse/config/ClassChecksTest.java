package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with data groups, SNAT pools and client classes, and where. */
class ClassChecksTest {
  private static final String GOOD =
      """
      version: 1
      data-groups:
        devices: [172.16.51.21, 10.20.0.0/16, "2001:db8:20::/48"]
        ours: { type: domain, values: [contoso.com, .contoso.com] }
      snat-pools:
        outside: [172.16.51.175, 172.16.51.176]
      client-classes:
        relay: { from: devices, relay: any, snat: 172.16.51.174 }
        internet:
          from: any
          relay: ours
          snat: outside
      pools:
        hub: { members: { ex1: 10.1.1.21:25, ex2: 10.1.1.22:25 } }
      virtual-servers:
        MAIL:
          listen: 172.16.51.174:25
          pool: hub
          classes: [relay, internet]
      """;

  private static String with(String part, String replacement) {
    assertThat(GOOD).contains(part);
    return GOOD.replace(part, replacement);
  }

  @Test
  void theGoodFileHasNoProblems() {
    assertThat(ConfigFile.read("t.yaml", GOOD).problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          172.16.51.21 | 172.16.51.321 | 3:13 | error | "172.16.51.321" is no address and no prefix; write one such as
          172.16.51.21 | host.contoso.com | 3:13 | error | is no address and no prefix
          172.16.51.21 | 172.16.51.21:25 | 3:13 | error | is no address and no prefix
          172.16.51.21 | 10.20.0.1/16 | 3:13 | error | "10.20.0.1/16" has bits behind its prefix; write 10.20.0.0/16
          172.16.51.21 | "2001:db8:0:1::1/48" | 3:13 | error | write 2001:db8::/48
          172.16.51.21 | 10.0.0.0/33 | 3:13 | error | is no address and no prefix
          172.16.51.21 | "fe80::1%eth0" | 3:13 | error | has a zone; write the address without it
          172.16.51.21 | "::ffff:10.30.0.0/112" | 3:13 | ok | -
          172.16.51.21 | "::ffff:10.20.0.1/112" | 3:13 | error | write 10.20.0.0/16
          172.16.51.21 | 10.20.0.0/16 | 3:27 | warning | "10.20.0.0/16" is listed twice, first in line 3; remove one
          devices: [172.16.51.21, 10.20.0.0/16, "2001:db8:20::/48"] | devices: [] | 3:3 | warning | data-groups.devices: has no entries; write some, or name a file
          devices: [172.16.51.21, 10.20.0.0/16, "2001:db8:20::/48"] | devices: { file: devices.txt } | 3:3 | ok | -
          devices: [172.16.51.21, 10.20.0.0/16, "2001:db8:20::/48"] | devices: { file: "" } | 3:20 | error | data-groups.devices.file: is empty
          [contoso.com | ['*.contoso.com' | 4:34 | error | write .contoso.com for all domains below
          [contoso.com | ['@contoso.com' | 4:34 | error | is no domain; write contoso.com
          [contoso.com | [contoso.com. | 4:34 | error | is no domain; write contoso.com
          [contoso.com | [user@contoso.com | 4:34 | error | is no domain; write one such as contoso.com, or .contoso.com
          [contoso.com | [10.1.1.1 | 4:34 | error | is no domain
          [contoso.com | [straße.example | 4:34 | error | is no domain
          [contoso.com | [münchen.example, XN--MNCHEN-3YA.example | 4:51 | warning | is listed twice, first in line 4
          [172.16.51.175, | [172.16.51.x, | 6:13 | error | "172.16.51.x" is no address; write one of this machine
          [172.16.51.175, | [mail.contoso.com, | 6:13 | error | is no address; write one of this machine
          [172.16.51.175, | [0.0.0.0, | 6:13 | error | no address of one machine
          [172.16.51.175, | [224.0.0.1, | 6:13 | error | no address of one machine
          [172.16.51.175, | [172.16.51.176, | 6:28 | error | "172.16.51.176" is listed twice, first in line 6
          from: any | from: [device] | 10:12 | error | there is no data group "device"; did you mean devices?
          from: any | from: ours | 10:11 | error | the data group "ours" holds domains; name one of addresses
          from: any | from: [devices, devices] | 10:21 | error | is listed twice
          relay: ours | relay: our | 11:12 | error | there is no data group "our"; did you mean ours?
          relay: ours | relay: sever | 11:12 | error | did you mean server?
          relay: ours | relay: devices | 11:12 | error | the data group "devices" holds addresses; name one of type: domain
          snat: outside | snat: outsid | 12:11 | error | client-classes.internet.snat: there is no SNAT pool "outsid"; did you mean outside?
          snat: outside | snat: auto-map | 12:11 | error | did you mean automap?
          snat: outside | snat: 172.16.51.17x | 12:11 | error | "172.16.51.17x" is no address; write one of this machine
          snat: outside | snat: 0.0.0.0 | 12:11 | error | no address of one machine
          snat: outside | snat: "2001:db8::1" | 12:11 | error | the member hub/ex1 at 10.1.1.21:25 would get no mail from this class: there is no IPv4 address
          from: any | from: any\\n    pool: hup | 11:11 | error | there is no pool "hup"; did you mean hub?
          from: any | from: any\\n    member-addresses: { ex3: 10.1.1.33:25 } | 11:25 | error | the class has no member "ex3"; did you mean ex1?
          from: any | from: any\\n    member-addresses: { ex1: ex1.contoso.com:25 } | 11:30 | error | is a host name
          from: any | from: any\\n    member-addresses: { ex1: 10.1.1.33:25 } | 11:30 | ok | -
          from: any | from: any\\n    member-addresses: { ex1: 0.0.0.0:25 } | 11:30 | error | cannot be connected to
          [relay, internet] | [relay, intranet] | 19:22 | error | there is no client class "intranet"; did you mean internet?
          [relay, internet] | [relay, internet, relay] | 19:32 | error | the client class "relay" is listed twice
          [relay, internet] | [internet, relay] | 19:25 | warning | is never reached: every client is of the class internet before it
          [relay, internet] | [relay] | 9:3 | warning | client-classes.internet: no virtual server uses this class
          pool: hub | pool: hub\\n    believe: { proxy: devicess } | 19:23 | error | there is no data group "devicess"; did you mean devices?
          pool: hub | pool: hub\\n    believe: { xclient: [devices] } | 19:26 | ok | -
          pool: hub | pool: hub\\n    believe: { xclient: [ours] } | 19:26 | error | holds domains
          { members: | { inside-senders: devices, members: | 14:26 | error | holds addresses; name one of type: domain
          { members: | { inside-senders: ours, members: | 14:26 | ok | -
          """)
  void saysWhereAndWhatToDo(
      String part, String replacement, String place, String kind, String message) {
    String text = with(part, replacement.translateEscapes());
    if (kind.equals("ok")) {
      assertThat(Sample.problems(text)).isEmpty();
    } else {
      assertThat(Sample.problems(text))
          .anySatisfy(line ->
              assertThat(line)
                  .startsWith("t.yaml:" + place + ": " + kind + ": ")
                  .contains(message));
    }
  }

  @Test
  void aVirtualServerWithoutClassesIsAWarning() {
    assertThat(ConfigFile.read("t.yaml", Sample.GOOD).problems())
        .singleElement()
        .asString()
        .startsWith("t.yaml:11:3: warning: virtual-servers.SMTP_VS: has no classes, so it lets");
  }

  @Test
  void eachMemberThatAClassCannotReachIsNamed() {
    String text = with("ex2: 10.1.1.22:25", "ex2: \"[2001:db8::22]:25\"");

    assertThat(Sample.problems(text))
        .hasSize(2)
        .allMatch(line -> line.contains("the member hub/ex2 at [2001:db8::22]:25 would get no"))
        .allMatch(line -> line.contains("there is no IPv6 address"));
    assertThat(
            Sample.problems(
                text.replace(
                    "from: any", "from: any\n    member-addresses: { ex2: 10.1.1.32:25 }")))
        .singleElement()
        .asString()
        .contains("client-classes.relay.snat");
    assertThat(
            Sample.problems(
                text.replace("172.16.51.176]", "172.16.51.176, \"2001:db8::175\"]")
                    .replace("snat: 172.16.51.174", "snat: outside")))
        .isEmpty();
  }

  @Test
  void whatNobodyUsesIsAWarning() {
    String text =
        with(
                "relay: { from: devices, relay: any, snat: 172.16.51.174 }",
                "relay: { from: any, relay: any }")
            .replace("relay: ours\n    snat: outside", "relay: any")
            .replace("[relay, internet]", "[internet]");

    assertThat(Sample.problems(text))
        .extracting(line -> line.replaceFirst(".*warning: ", "").replaceFirst(":.*", ""))
        .containsExactly(
            "data-groups.devices",
            "data-groups.ours",
            "snat-pools.outside",
            "client-classes.relay");
  }

  @Test
  void aPoolThatOnlyAClassNamesIsInUse() {
    String text =
        with("from: any", "from: any\n    pool: other")
            .replace("pools:\n  hub", "pools:\n  other: { members: { a: 10.1.1.31:25 } }\n  hub");

    assertThat(Sample.problems(text)).isEmpty();
    assertThat(Sample.problem(text.replace("10.1.1.31:25", "172.16.51.174:25")))
        .contains("pools.other.members.a.address", "it would connect to itself");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls: required | tls
          auth: required | auth
          limits: { messages-per-minute: 5 } | limits.messages-per-minute
          limits: { messages-per-minute-per-client: 5 } | limits.messages-per-minute-per-client
          """)
  void whatModeTcpCannotHonourIsAnError(String key, String path) {
    String text = with("relay: ours", "relay: any\n    " + key).replace("type: domain, ", "");
    text = text.replace("  ours: { values: [contoso.com, .contoso.com] }\n", "");

    assertThat(Sample.problems(text)).isEmpty();
    assertThat(Sample.problem(text.replace("pool: hub\n", "pool: hub\n    mode: tcp\n")))
        .contains("error: client-classes.internet." + path + ": the virtual server MAIL has mode");
  }

  @Test
  void aRelayRightThatModeTcpCannotHonourIsAWarning() {
    assertThat(Sample.problem(with("pool: hub\n", "pool: hub\n    mode: tcp\n")))
        .startsWith("t.yaml:11:12: warning: client-classes.internet.relay: the virtual server MAIL")
        .contains("the members decide");
  }

  @ParameterizedTest
  @CsvSource({"xclient, false", "header, false", "proxy-v1, true", "proxy-v2, true", "none, true"})
  void whatOnlySmtpCanTellAMemberIsRefusedInModeTcp(String announce, boolean good) {
    String text = with("hub: { members", "hub: { announce: " + announce + ", members");
    String tcp =
        text.replace("pool: hub\n", "pool: hub\n    mode: tcp\n")
            .replace("relay: ours", "relay: any");

    assertThat(Sample.problems(text)).isEmpty();
    assertThat(Sample.problems(tcp).stream().noneMatch(line -> line.contains("pools.hub.announce")))
        .isEqualTo(good);
  }

  @Test
  void believingXclientNeedsModeSmtp() {
    String text =
        with("pool: hub\n", "pool: hub\n    mode: tcp\n    believe: { xclient: devices }\n")
            .replace("relay: ours", "relay: any");

    assertThat(Sample.problems(text))
        .anyMatch(line -> line.contains("error: virtual-servers.MAIL.believe.xclient: mode tcp"));
  }

  @ParameterizedTest
  @CsvSource({"devices, any", "devices, server", "ours, none", "outside, automap", "outside, none"})
  void namesThatAreWordsAreRefused(String name, String word) {
    assertThat(Sample.problems(GOOD.replaceAll("\\b" + name + "\\b", word)))
        .anyMatch(line -> line.contains("is a word with a meaning of its own in"));
  }
}
