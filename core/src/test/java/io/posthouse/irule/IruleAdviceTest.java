package io.posthouse.irule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of single commands, and what is not said of those that do no harm. */
class IruleAdviceTest {
  private static LintFinding first(String body) {
    return Rules.only(Rules.accepted(body)).findings().getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class nextelement -name l $id",
        "class nextelement l $id",
        "class element -name 3 l"
      })
  void theListIsWhereEachCommandHasIt(String command) {
    assertThat(first("set x [" + command + "]").problem())
        .contains("whether the list \"l\" exists");
  }

  @Test
  void whoAsksWhetherAListExistsRisksNothing() {
    assertThat(Rules.kinds(Rules.accepted("if { ![class exists $dg] } { reject }"))).isEmpty();
    assertThat(
            Rules.kinds(
                Rules.accepted(
                    "set dg l\nif { ![class exists $dg] } { reject }\nset n [class size $dg]")))
        .isEmpty();
  }

  @Test
  void aListOfAConstantIsKnown() {
    String rule =
        "when RULE_INIT { set static::dg gone }\n"
            + Rules.accepted(
                "if { [class match [IP::client_addr] equals $static::dg] } { reject }");

    assertThat(Rules.kinds(Rules.conf11(rule))).containsExactly(LintKind.MISSING_LIST);
  }

  @Test
  void lookupsAreToldByWhatTheyDo() {
    assertThat(Rules.kinds(Rules.accepted("RESOLVER::summarize $answer"))).isEmpty();
    assertThat(first("NAME::lookup x.example").problem())
        .contains("NAME_RESOLVED", "nothing says what becomes of the client");
    assertThat(first("RESOLV::lookup x.example").problem()).contains("holds the client up");
  }

  @Test
  void tlsTowardsTheServerIsOftenNoStartTls() {
    for (String event : new String[] {"CLIENT_ACCEPTED", "LB_SELECTED", "SERVER_CONNECTED"}) {
      assertThat(Rules.kinds("when " + event + " { SSL::disable serverside }")).isEmpty();
    }
    assertThat(Rules.kinds("when SERVER_DATA { SSL::disable serverside }"))
        .containsExactly(LintKind.STARTTLS_BY_HAND);
    assertThat(Rules.kinds("when CLIENT_ACCEPTED { SSL::disable clientside }"))
        .containsExactly(LintKind.STARTTLS_BY_HAND);
    assertThat(Rules.kinds("when SERVER_CONNECTED { SSL::enable serverside }"))
        .containsExactly(LintKind.STARTTLS_BY_HAND);
  }

  @Test
  void theClientsOwnAddressIsAnAddress() {
    assertThat(Rules.kinds(Rules.accepted("snat [IP::client_addr]"))).isEmpty();
    assertThat(Rules.kinds(Rules.accepted("snatpool [IP::client_addr]")))
        .containsExactly(LintKind.NAME_IN_VARIABLE);
  }

  @Test
  void theChangeKeepsTheOperatorOfTheRule() {
    String rule = Rules.conf11(Rules.accepted("if { [matchclass $x contains words] } { reject }"));

    assertThat(Rules.only(rule).findings().getFirst().change())
        .isEqualTo("Write class match ITEM contains LIST.");
  }

  @Test
  void aTextIsNoNetwork() {
    assertThat(first("if { [IP::client_addr] starts_with \"10.1.1.\" } { reject }").problem())
        .isEqualTo(
            "the client's address is compared as text: networks are not whole octets, and without a dot at the end 10.1.1 fits 10.1.100.7, too");
  }

  @Test
  void constantsOfRuleInitAreReadWhereTheyAreUsed() {
    String use = Rules.accepted("snat $static::out");

    assertThat(Rules.yaml("when RULE_INIT { set static::out 192.0.2.7 }\n" + use))
        .contains("snat: 192.0.2.7");
    assertThat(
            Rules.why(
                "when RULE_INIT { set static::out 192.0.2.7\nset static::out 192.0.2.8 }\n" + use))
        .contains("run time");
    assertThat(
            Rules.why(
                "when RULE_INIT { set static::out 192.0.2.7 }\n"
                    + use
                    + "when CLIENT_CLOSED { set static::out automap }"))
        .contains("run time");
    assertThat(Rules.why("when CLIENT_CLOSED { set static::out automap }\n" + use))
        .contains("run time");
  }

  @Test
  void aLogLineMayNameTheServer() {
    String log =
        "log local0. \"[IP::server_addr] [TCP::server_port] [LB::server addr] [virtual name] [virtual]\"";

    assertThat(Rules.yaml(Rules.accepted("snat automap\n" + log))).contains("snat: automap");
    assertThat(Rules.why(Rules.accepted("log local0. [virtual other]"))).contains("\"log\"");
  }
}
