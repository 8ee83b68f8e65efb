package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any text gets an answer, and none costs more than its bounds. */
class HostileFileTest {
  private static final String ALPHABET =
      " \n\t:-?[]{},#&*!|>'\"%@`~<=.abz019_\\/\r\u0000\u0007\u0085\u2028\ufeff\ud800\udc00é";

  @Test
  void anyMutationOfAGoodFileGetsAResult() {
    Random random = new Random(20_261_122);
    List<String> seeds =
        List.of(
            Sample.GOOD,
            Sample.resource("every-key.yaml"),
            Sample.resource("twenty-four-errors.yaml"));
    for (int round = 0; round < 6000; round++) {
      StringBuilder text = new StringBuilder(seeds.get(round % seeds.size()));
      for (int i = random.nextInt(6); i >= 0; i--) {
        mutate(text, random);
      }
      ConfigFile.Result result = ConfigFile.read("t.yaml", text.toString());
      boolean errors =
          result.problems().stream()
              .anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
      assertThat(result instanceof ConfigFile.Refused).isEqualTo(errors);
      assertThat(result.problems())
          .isSorted()
          .allMatch(problem -> problem.line() >= 1 && problem.column() >= 1)
          .noneMatch(problem -> Words.hasControls(problem.toString()));
    }
  }

  private static void mutate(StringBuilder text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(30));
    switch (random.nextInt(5)) {
      case 0 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      case 1 -> text.delete(at, end);
      case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
      case 3 -> text.replace(at, Math.min(end, at + 1), "" + (char) random.nextInt(0x3000));
      default -> text.insert(at, text.substring(at, end).toUpperCase(java.util.Locale.ROOT));
    }
  }

  @Test
  void aliasesCountAsIfWrittenOut() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String item = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + (item + " , ").repeat(9) + item + " ]\n");
    }

    assertThat(Sample.problem(bomb.toString())).contains("aliases written out");
  }

  @Test
  void anAliasWithinItsOwnAnchorIsRefused() {
    assertThat(Sample.problems("pools: &p { hub: *p }\n"))
        .anyMatch(line -> line.startsWith("t.yaml:1:18: error: ") && line.contains("&p"));
  }

  @Test
  void anHonestAliasIsRead() {
    String text = Sample.GOOD.replace("[alive]", "&m [alive]").replace("weight: 2", "monitors: *m");

    assertThat(Sample.problems(text)).isEmpty();
  }

  @Test
  void depthIsBounded() {
    assertThat(Sample.problem("a: " + "[".repeat(100_000))).contains("levels deep");
    assertThat(Sample.problem("a: " + "{a: ".repeat(100_000))).contains("levels deep");
    assertThat(Sample.problem("? ".repeat(100_000))).contains("levels deep");
  }

  @Test
  void lengthIsBounded() {
    assertThat(Sample.problem("#".repeat(YamlReader.MAX_LENGTH + 1))).contains("at most 1048576");
    assertThat(
            Sample.problems(Sample.GOOD + "#".repeat(YamlReader.MAX_LENGTH - Sample.GOOD.length())))
        .isEmpty();
  }

  @Test
  void problemsAreBoundedAndErrorsComeBeforeWarnings() {
    StringBuilder text = new StringBuilder("version: 1\nmonitors:\n");
    for (int i = 0; i < 1500; i++) {
      text.append("  m" + i + ": { type: tcp, interval: 61s }\n");
    }

    assertThat(ConfigFile.read("t.yaml", text.toString()))
        .isInstanceOf(ConfigFile.Refused.class)
        .extracting(result -> result.problems().size())
        .isEqualTo(Problems.MAX);
  }

  @Test
  void costGrowsWithTheFileNotWithItsSquare() {
    StringBuilder text = new StringBuilder("version: 1\npools:\n  p:\n    members:\n");
    for (int i = 0; i < 12_000; i++) {
      text.append("      m" + i + ": host" + i + ".example:25\n");
    }
    text.append("virtual-servers:\n");
    for (int i = 0; i < 9000; i++) {
      text.append("  v" + i + ": { listen: 127.9." + i / 250 + "." + i % 250 + ":25, pool: q }\n");
    }

    ConfigFile.Result result =
        assertTimeout(Duration.ofSeconds(20), () -> ConfigFile.read("t.yaml", text.toString()));
    assertThat(result.problems()).hasSize(Problems.MAX);
  }
}
