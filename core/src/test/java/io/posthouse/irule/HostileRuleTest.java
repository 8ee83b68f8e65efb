package io.posthouse.irule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text gets an answer, soon, and with places that are in it. */
class HostileRuleTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ALPHABET = " \n\t;{}[]()\"\\$:#!&|=-%abif\r\u0000\u001b\u2028\ud800é";
  private static final List<String> WORDS =
      List.of(
          "when CLIENT_ACCEPTED {",
          "if {",
          "} else {",
          "} elseif {",
          "switch [IP::client_addr] {",
          "default",
          "[class match ",
          "[IP::client_addr]",
          " equals ",
          "$::a",
          "snat ",
          "automap",
          "}",
          "]",
          "\"",
          "foreach a $b {",
          "expr {",
          "catch {",
          "ltm rule /Common/a {",
          "rule a {",
          "class a {",
          "log local0. ",
          "!",
          "&&",
          "||",
          "\\\n");

  @Test
  void anyMutationOfARuleGetsAnAnswer() {
    Random random = new Random(20_261_126);
    List<String> seeds =
        List.of(
            Rules.VERSION_10,
            Rules.conf11(Rules.VERSION_11),
            Rules.conf10(Rules.VERSION_10),
            Rules.accepted("switch a {b -\nc {if {$x} {snat y}}}"));
    assertTimeoutPreemptively(
        SOON,
        () -> {
          for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder(seeds.get(round % seeds.size()));
            for (int i = random.nextInt(8); i >= 0; i--) {
              mutate(text, random);
            }
            answered(text.toString());
          }
        });
  }

  @Test
  void anyHeapOfPiecesGetsAnAnswer() {
    Random random = new Random(6);
    assertTimeoutPreemptively(
        SOON,
        () -> {
          for (int round = 0; round < 10_000; round++) {
            StringBuilder text =
                new StringBuilder(random.nextBoolean() ? "when CLIENT_ACCEPTED {" : "");
            for (int i = random.nextInt(40); i >= 0; i--) {
              text.append(
                  random.nextInt(5) == 0
                      ? "" + ALPHABET.charAt(random.nextInt(ALPHABET.length()))
                      : WORDS.get(random.nextInt(WORDS.size())));
            }
            answered(text.toString());
          }
        });
  }

  private static void mutate(StringBuilder text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(30));
    switch (random.nextInt(4)) {
      case 0 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      case 1 -> text.delete(at, end);
      case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
      default -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
    }
  }

  private static void answered(String text) {
    Linted linted = IruleLint.of(text);
    String[] lines = text.replace("\r\n", "\n").split("\n", -1);
    for (LintedRule rule : linted.rules()) {
      rule.findings().forEach(each -> inside(lines, each.at()));
      rule.counterparts().forEach(each -> inside(lines, each.at()));
      if (rule.conversion() instanceof Conversion.None none) {
        inside(lines, none.at());
      }
    }
    linted.findings().forEach(each -> inside(lines, each.at()));
  }

  private static void inside(String[] lines, Position at) {
    assertThat(at.line()).isBetween(1, lines.length);
    assertThat(at.column()).isBetween(1, lines[at.line() - 1].length() + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "{",
        "{}",
        "\"",
        "$a(",
        "${",
        "\\",
        "#",
        ";",
        "a ",
        "when A {",
        "if {1} {",
        "expr {[",
        "if {![",
        "!",
        "(",
        "if {[class match [IP::client_addr] equals a]} {snat automap} elseif ",
        "[class exists a] || ",
        "switch a {b -\n",
        "if {![class match [IP::client_addr] equals a]} {} else",
        "snat b;",
        "$::a ",
        "set a b;",
        "ltm rule a {",
        "} ",
        "when A {}\n",
        "log [log [",
        "catch {"
      })
  void aMebibyteOfAnythingEndsSoon(String piece) {
    for (String begin :
        List.of(
            "", "when CLIENT_ACCEPTED {\n", "ltm rule /Common/a {\nwhen CLIENT_ACCEPTED {\nif {")) {
      for (String end : List.of("", "}}}")) {
        String text =
            begin
                + piece.repeat((IruleLint.LONGEST - begin.length() - end.length()) / piece.length())
                + end;
        assertTimeoutPreemptively(SOON, () -> answered(text), piece);
      }
    }
  }

  @Test
  void longChainsEndSoonAndAreNoConfiguration() {
    String one = "if {[class match [IP::client_addr] equals a]} {snat automap}\n";
    String chain =
        "elseif {[class match [IP::client_addr] equals a] || [IP::client_addr] eq \"10.1.1.1\"} {snat automap} ";
    for (String body :
        List.of(
            one.repeat(17_000),
            "if {1} {}" + chain.repeat(10_000),
            one.trim() + " " + chain.repeat(10_000))) {
      assertTimeoutPreemptively(
          SOON, () -> assertThat(Rules.why(Rules.accepted(body))).isNotEmpty());
    }
  }

  @Test
  void whatIsTooLongIsNotRead() {
    Linted linted = IruleLint.of("a".repeat(IruleLint.LONGEST + 1));

    assertThat(linted.findings()).singleElement().matches(each -> each.kind() == LintKind.SYNTAX);
  }

  @Test
  void atMostAThousandFindingsAreToldAndTheRestIsCounted() {
    Linted linted = IruleLint.of(Rules.accepted("snat b\n".repeat(3_000)));

    assertThat(linted.rules().getFirst().findings()).hasSize(1_000);
    assertThat(linted.untold()).isEqualTo(2_000);
    assertThat(linted.wrong()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snat W", "snatpool W", "set a W; snat $a", "class match [IP::client_addr] equals W",
            "class match [IP::client_addr] equals ::W",
        "class match [IP::client_addr] equals $::W", "if {[class exists W] && $a} {pool b}",
            "log $::W", "set ::W 1", "W"
      })
  void aLongWordIsCutInWhatIsTold(String body) {
    String word = "b".repeat(5_000);
    LintedRule rule =
        Rules.only(Rules.accepted(body.replace("W", word)) + "when " + word + " { \"a }");
    assertThat(rule.findings())
        .isNotEmpty()
        .allMatch(each -> each.problem().length() < 400 && each.change().length() < 400);
    assertThat(((Conversion.None) rule.conversion()).why()).hasSizeLessThan(400);
  }

  @Test
  void thirtyLevelsAreRead() {
    String body = "if {1} {\n".repeat(30) + "snat name\n" + "}\n".repeat(30);

    LintFinding found = Rules.only(Rules.accepted(body)).findings().getFirst();
    assertThat(found.kind()).isEqualTo(LintKind.SNAT_NAME);
    assertThat(found.at().line()).isEqualTo(32);
  }
}
