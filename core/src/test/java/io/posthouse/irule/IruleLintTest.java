package io.posthouse.irule;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Spelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in iRules, where, and what is not. */
class IruleLintTest {
  /** A kind, a rule that has it, and one that has not. */
  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(
            LintKind.SYNTAX,
            "when CLIENT_ACCEPTED { if {1} { pool a }else{ pool b } }",
            "when CLIENT_ACCEPTED { if {1}{ pool a }else { pool b } }"),
        Arguments.of(LintKind.GLOBAL_LIST, Rules.VERSION_10, Rules.VERSION_11),
        Arguments.of(
            LintKind.GLOBAL_LIST,
            Rules.accepted("if { [class match [IP::client_addr] equals ::old] } { reject }"),
            Rules.accepted("if { [class match [IP::client_addr] equals old] } { reject }")),
        Arguments.of(
            LintKind.SNAT_NAME,
            Rules.accepted("snat outside"),
            Rules.accepted("snat 172.16.51.174")),
        Arguments.of(
            LintKind.SNAT_NAME,
            Rules.accepted("set name outside\nsnat $name"),
            Rules.accepted("set name 172.16.51.174\nsnat $name")),
        Arguments.of(
            LintKind.SNATPOOL_ADDRESS,
            Rules.accepted("snatpool 172.16.51.174"),
            Rules.accepted("snatpool outside")),
        Arguments.of(
            LintKind.MISSING_LIST,
            Rules.conf11(
                Rules.accepted("if { [class match [IP::client_addr] equals gone] } { reject }")),
            Rules.conf11(Rules.VERSION_11)),
        Arguments.of(
            LintKind.MISSING_SNATPOOL,
            Rules.conf11(Rules.accepted("snatpool gone")),
            Rules.conf11(Rules.accepted("snatpool outside"))),
        Arguments.of(
            LintKind.MISSING_POOL,
            Rules.conf11(Rules.accepted("pool gone")),
            Rules.conf11(Rules.accepted("pool smtp_pool"))),
        Arguments.of(
            LintKind.LIST_OF_OTHERS,
            Rules.conf11(
                Rules.accepted("if { [class match [IP::client_addr] equals words] } { reject }")),
            Rules.conf11(Rules.VERSION_11)),
        Arguments.of(
            LintKind.BODY_IN_LOG,
            "when CLIENT_DATA { set said [TCP::payload]\nlog local0. \"got $said\" }",
            "when CLIENT_DATA { log local0. \"[IP::client_addr] [TCP::payload length]\" }"),
        Arguments.of(
            LintKind.GLOBAL_VARIABLE,
            "when RULE_INIT { set ::x 1 }",
            "when RULE_INIT { set static::x 1 }"),
        Arguments.of(
            LintKind.GLOBAL_VARIABLE,
            Rules.accepted("log local0. $::x"),
            Rules.accepted("log local0. $static::x")),
        Arguments.of(
            LintKind.STATIC_OUTSIDE_INIT,
            Rules.accepted("incr static::x"),
            "when RULE_INIT { set static::x 1 }\nwhen CLIENT_ACCEPTED { log local0. [set static::x] }"),
        Arguments.of(LintKind.OLD_COMMAND, Rules.VERSION_10, Rules.VERSION_11),
        Arguments.of(
            LintKind.LIST_NOT_SHOWN,
            Rules.accepted("if { [class match [IP::client_addr] equals a] } { reject }"),
            Rules.VERSION_11),
        Arguments.of(LintKind.NO_GUARD, Rules.VERSION_10, Rules.conf10(Rules.VERSION_10)),
        Arguments.of(LintKind.SILENT_FALLBACK, Rules.VERSION_11, Rules.conf11(Rules.VERSION_11)),
        Arguments.of(
            LintKind.SILENT_FALLBACK,
            Rules.VERSION_11,
            Rules.VERSION_11.replace("snat automap", "reject")),
        Arguments.of(
            LintKind.NAME_IN_VARIABLE,
            Rules.accepted("snat $x"),
            Rules.accepted("set x automap; snat $x")),
        Arguments.of(
            LintKind.NAME_IN_VARIABLE,
            Rules.accepted("if { [class match [IP::client_addr] equals $x] } { reject }"),
            Rules.VERSION_11),
        Arguments.of(
            LintKind.ADDRESS_AS_TEXT,
            Rules.accepted("if { [IP::client_addr] starts_with \"10.1.\" } { reject }"),
            Rules.accepted("if { [IP::addr [IP::client_addr] equals 10.1.0.0/16] } { reject }")),
        Arguments.of(
            LintKind.ADDRESS_AS_TEXT,
            Rules.accepted("if { [IP::client_addr] equals \"10.1.0.0/16\" } { reject }"),
            Rules.accepted("if { [IP::client_addr] equals \"10.1.0.7\" } { reject }")),
        Arguments.of(
            LintKind.ADDRESS_AS_TEXT,
            Rules.accepted("switch -glob [IP::client_addr] { \"10.*\" { reject } }"),
            Rules.accepted(
                "switch [IP::client_addr] { \"10.1.1.1\" { reject } default { snat automap } }")),
        Arguments.of(
            LintKind.DNS_LOOKUP,
            Rules.accepted("NAME::lookup [IP::client_addr]"),
            Rules.VERSION_11),
        Arguments.of(
            LintKind.DNS_LOOKUP,
            Rules.accepted("set a [RESOLV::lookup -a x.example]"),
            Rules.VERSION_11),
        Arguments.of(
            LintKind.SMTP_BY_HAND,
            Rules.accepted("TCP::collect"),
            Rules.accepted("set n [TCP::payload length]")),
        Arguments.of(
            LintKind.STARTTLS_BY_HAND,
            Rules.accepted("SSL::disable"),
            Rules.accepted("SSL::cert 0")),
        Arguments.of(
            LintKind.NODE, Rules.accepted("node 10.1.1.21 25"), Rules.accepted("pool smtp_pool")),
        Arguments.of(
            LintKind.PERSISTENCE,
            Rules.accepted("persist source_addr 180"),
            Rules.accepted("persist none")),
        Arguments.of(
            LintKind.NODE, "proc send { } {\n node 10.1.1.1\n}", "proc send { } { pool a }"),
        Arguments.of(LintKind.DEAD_EVENT, "when HTTP_REQUEST { pool a }", Rules.accepted("pool a")),
        Arguments.of(
            LintKind.OUTSIDE,
            "when CLIENT_ACCEPTED { pool a }\nsnat automap",
            Rules.accepted("snat automap")),
        Arguments.of(LintKind.NO_RULE, "ltm pool /Common/a { }", Rules.accepted("pool a")),
        Arguments.of(
            LintKind.SNAT_NONE, Rules.accepted("snat none"), Rules.accepted("snat automap")),
        Arguments.of(
            LintKind.NOT_IN_POSTHOUSE,
            Rules.accepted("clone pool sniffer"),
            Rules.accepted("log local0. [virtual name]")));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void findsEachKindWhereItIsAndNowhereElse(LintKind kind, String has, String hasNot) {
    assertThat(Rules.kinds(has)).contains(kind);
    assertThat(Rules.kinds(hasNot)).doesNotContain(kind);
  }

  @Test
  void everyKindHasItsExample() {
    Set<LintKind> tested = EnumSet.noneOf(LintKind.class);
    kinds().forEach(each -> tested.add((LintKind) each.get()[0]));
    assertThat(tested).containsExactlyInAnyOrder(LintKind.values());
  }

  @Test
  void thePageListsEachKindAndCounterpartsNamePagesThatExist() throws IOException {
    String page = Files.readString(Path.of("../docs/features/import.md"));
    for (LintKind kind : LintKind.values()) {
      assertThat(page).contains("`" + Spelled.of(kind) + "`");
    }
    assertThat(CounterpartLook.pages())
        .isNotEmpty()
        .allMatch(each -> Files.exists(Path.of("..", each)));
  }

  @Test
  void theRuleOfTheFieldNotesIsToldWhatVersion11DoesToIt() {
    LintedRule rule = Rules.only(Rules.VERSION_10);

    assertThat(
            rule.findings().stream()
                .map(each -> each.kind() + " " + each.at().line() + ":" + each.at().column()))
        .containsExactly("NO_GUARD 2:11", "OLD_COMMAND 2:11", "GLOBAL_LIST 2:47");
    assertThat(rule.findings().getLast().problem()).contains("one core", "reset");
    assertThat(rule.findings().getLast().change())
        .isEqualTo("Write smtp_relay_allowed in place of $::smtp_relay_allowed.");
  }

  @Test
  void aSoundRuleInItsConfigurationHasNoFinding() {
    assertThat(Rules.kinds(Rules.conf11(Rules.VERSION_11))).isEmpty();
    assertThat(IruleLint.of(Rules.conf11(Rules.VERSION_11)).wrong()).isFalse();
    assertThat(IruleLint.of(Rules.accepted("snat none")).wrong()).as("a note").isFalse();
    assertThat(IruleLint.of(Rules.VERSION_10).wrong()).isTrue();
  }

  @Test
  void aSnatPoolsNameBehindSnatIsFoundInItsLine() {
    String rule =
        "when CLIENT_ACCEPTED {\n  set name outside\n  # why\n  if {1} {\n    snat \\\n      $name\n  }\n}\n";

    LintFinding found = Rules.only(rule).findings().getFirst();
    assertThat(found.kind()).isEqualTo(LintKind.SNAT_NAME);
    assertThat(found.at()).isEqualTo(new Position(6, 7));
    assertThat(found.problem()).contains("\"outside\"", "bad IP address format");
    assertThat(found.change()).isEqualTo("Write snatpool in place of snat.");
    assertThat(
            Rules.only(rule.replace("# why", "if {$x} {set name 10.1.1.1}"))
                .findings()
                .getFirst()
                .change())
        .isEqualTo("Write snat ADDRESS or snatpool NAME in each branch.");
    assertThat(Rules.only(Rules.conf11(rule)).findings().getFirst().problem())
        .contains("is a SNAT pool");
  }

  @Test
  void eachCommandHasItsCounterpartOrNone() {
    String body = "RESOLV::lookup x\nclone pool b\npool a\npool b\nIP::client_addr";

    List<Counterpart> told = Rules.only(Rules.accepted(body)).counterparts();
    assertThat(told.stream().map(Counterpart::command))
        .containsExactly("RESOLV::lookup", "clone", "pool");
    assertThat(told.get(0).page()).isEqualTo("docs/features/edge-checks.md");
    assertThat(told.get(1).exists()).isFalse();
    assertThat(told.get(2).at()).isEqualTo(new Position(4, 1));
  }

  @Test
  void findsRulesOfOldAndNewConfigurations() {
    assertThat(Rules.only(Rules.conf10(Rules.VERSION_10)).name()).isEqualTo("smtp_irule");
    assertThat(Rules.only(Rules.conf11(Rules.VERSION_11)).name()).isEqualTo("/Common/smtp_irule");
    assertThat(Rules.only(Rules.VERSION_11).name()).isEmpty();
  }

  @Test
  void anExcerptLacksNothingAndStillGivesWhatItHas() {
    String excerpt = "ltm rule smtp_irule {\n" + Rules.VERSION_11 + "}\n";
    String list = Rules.AROUND_11.substring(0, Rules.AROUND_11.indexOf("ltm pool"));

    assertThat(Rules.kinds(excerpt)).containsExactly(LintKind.SILENT_FALLBACK);
    assertThat(Rules.kinds(list + excerpt)).isEmpty();
    assertThat(Rules.yaml(list + excerpt)).contains("10.20.0.0/16");
    assertThat(Rules.kinds(Rules.conf11(Rules.accepted("pool /Other/gone"))))
        .as("a file of its own")
        .isEmpty();
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheRule() {
    assertThat(Rules.only("\ufeff" + Rules.VERSION_11).findings())
        .isEqualTo(Rules.only(Rules.VERSION_11).findings());
  }

  @Test
  void rulesOfWebServersArePassedOverAndNamed() {
    String web =
        """
        ltm virtual /Common/WEB { destination /Common/192.0.2.1:443 rules { /Common/web /Common/both } }
        ltm virtual /Common/MAIL { destination /Common/2001:db8::1.587 rules { /Common/both } }
        ltm rule /Common/web { when CLIENT_ACCEPTED { snat name } }
        ltm rule /Common/lone { when HTTP_REQUEST { snat name } }
        ltm rule /Common/both { when CLIENT_ACCEPTED { snat name } }
        """;

    Linted linted = IruleLint.of(web);
    assertThat(linted.passedOver()).containsExactly("/Common/web", "/Common/lone");
    assertThat(linted.rules().stream().map(LintedRule::name)).containsExactly("/Common/both");
  }

  @Test
  void oneBrokenEventHidesNoOther() {
    String text = "when CLIENT_CLOSED { log \"a }\nwhen CLIENT_ACCEPTED { snat name }";

    assertThat(Rules.kinds(text)).containsExactly(LintKind.SYNTAX, LintKind.SNAT_NAME);
  }

  @Test
  void aCommandGoesOnWhereBigipTakesItOn() {
    String body =
        """
        if { [class match [IP::client_addr] equals smtp_relay_allowed] }
        {
          pool smtp_pool
        }
        elseif {[class match [IP::client_addr] equals partners]}{
          pool gone
        }
          else
        { pool lost }
        """;
    String rule = "when CLIENT_ACCEPTED\n{\nsnat automap\n" + body + "}\n";

    assertThat(Rules.kinds(Rules.conf11(rule)))
        .containsExactly(LintKind.MISSING_POOL, LintKind.MISSING_POOL);
    assertThat(Rules.yaml(rule)).contains("pool: smtp_pool", "pool: gone", "pool: lost");
    assertThat(Rules.only(rule.replace("}\n  else", "}\n\n  else")).conversion())
        .as("an else behind an empty line is a command of its own, and BIG-IP has none")
        .isInstanceOf(Conversion.None.class);
  }

  @Test
  void elseInOneWordWithItsBraceIsNamed() {
    for (String text : List.of("}else{", "} else{", "}\nelse{", "}elseif{1} {")) {
      LintFinding found =
          Rules.only(Rules.accepted("if {1} {\n pool a\n" + text + " pool b }"))
              .findings()
              .getFirst();
      assertThat(found.kind()).as(text).isEqualTo(LintKind.SYNTAX);
      assertThat(found.problem()).contains("in one word");
    }
    assertThat(Rules.kinds("when CLIENT_ACCEPTED { pool a }}")).containsExactly(LintKind.SYNTAX);
  }

  @Test
  void aListThatTheFileDoesNotShowIsNotedOnce() {
    String use = "if { [class match [IP::client_addr] equals a] } { reject }\n";
    String variable = "set l a\nif { [class match [IP::client_addr] equals $l] } { reject }";

    Linted linted = IruleLint.of(Rules.accepted(use + use));
    assertThat(linted.wrong()).isFalse();
    assertThat(linted.rules().getFirst().findings()).hasSize(1);
    assertThat(linted.rules().getFirst().findings().getFirst().problem())
        .contains("refuses to load");
    LintFinding found = Rules.only(Rules.accepted(variable)).findings().getFirst();
    assertThat(found.kind()).isEqualTo(LintKind.NO_GUARD);
    assertThat(found.problem()).contains("at run time");
  }

  @Test
  void whereTheRuleRefusesTheOthersAMissingListIsNotSilent() {
    String asked =
        "if { [class exists l] && [class match [IP::client_addr] equals l] } { snat automap; return }";

    assertThat(Rules.kinds(Rules.accepted(asked))).containsExactly(LintKind.SILENT_FALLBACK);
    assertThat(Rules.kinds(Rules.accepted(asked + "\nlog local0. no\nreject"))).isEmpty();
    assertThat(Rules.kinds(Rules.accepted(asked + " else { TCP::close }"))).isEmpty();
    assertThat(Rules.kinds(Rules.accepted(asked + " else { snat none; return }\nreject")))
        .as("nobody comes to it")
        .contains(LintKind.SILENT_FALLBACK);
  }

  @Test
  void aBraceInACommentIsNamedAsWhatBreaksARule() {
    LintFinding found =
        IruleLint.of("when CLIENT_ACCEPTED {\n # {\n pool a\n}\n").findings().getFirst();

    assertThat(found.kind()).isEqualTo(LintKind.SYNTAX);
    assertThat(found.at()).isEqualTo(new Position(1, 22));
    assertThat(found.problem()).contains("braces in comments");
  }

  @Test
  void linesMayEndAsWindowsEndsThem() {
    String unix = Rules.conf11(Rules.accepted("snat \\\n name"));

    assertThat(IruleLint.of(unix.replace("\n", "\r\n"))).isEqualTo(IruleLint.of(unix));
  }

  @Test
  void findingsStandInTheOrderOfTheFile() {
    LintedRule rule =
        Rules.only(
            Rules.accepted(
                "snat a\nnode 10.1.1.1\nsnat $b\nsnatpool 10.1.1.1\nif {[class match x equals $::l]} {snat c}"));

    assertThat(rule.findings().stream().mapToInt(each -> each.at().line()).toArray())
        .isSorted()
        .hasSizeGreaterThan(5);
    assertThat(Arrays.asList(LintKind.values()))
        .containsAll(rule.findings().stream().map(LintFinding::kind).toList());
  }
}
