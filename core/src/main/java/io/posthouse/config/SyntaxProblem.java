package io.posthouse.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says what the YAML parser stumbled over, with the remedy for the mistakes people make. */
final class SyntaxProblem {
  private static final Pattern BARE_IPV6 =
      Pattern.compile("(?<![\"'0-9A-Fa-f:])\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]:[0-9]");

  private SyntaxProblem() {}

  static void report(YamlEngineException failure, String text, Problems problems) {
    switch (failure) {
      case ReaderException character -> reportCharacter(character, text, problems);
      case MarkedYamlEngineException marked -> reportMarked(marked, text, problems);
      default -> problems.error(Place.START, "", "not YAML: " + oneLine(failure.getMessage()));
    }
  }

  private static void reportCharacter(ReaderException failure, String text, Problems problems) {
    int end = Math.min(Math.max(failure.getPosition(), 0), text.length());
    String before = text.substring(0, end);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    int column = end - before.lastIndexOf('\n');
    problems.error(
        new Place(line, column),
        "",
        String.format(
            "the character U+%04X is not allowed in YAML; remove it, and save the file as UTF-8",
            failure.getCodePoint()));
  }

  private static void reportMarked(
      MarkedYamlEngineException failure, String text, Problems problems) {
    Place at =
        failure
            .getProblemMark()
            .or(failure::getContextMark)
            .map(mark -> new Place(mark.getLine() + 1, mark.getColumn() + 1))
            .orElse(Place.START);
    String context = failure.getContext() == null ? "" : oneLine(failure.getContext()) + ", ";
    String line = text.lines().skip(at.line() - 1L).findFirst().orElse("");
    String remedy = "";
    if (BARE_IPV6.matcher(line).find()) {
      remedy = "; write an IPv6 address in quotes: \"[2001:db8::1]:25\"";
    } else if (line.indexOf('\t') >= 0) {
      remedy = "; indent with spaces, not with tabs";
    }
    problems.error(at, "", "not YAML: " + context + oneLine(failure.getProblem()) + remedy);
  }

  /** The parser quotes the file as it is, line breaks included. */
  private static String oneLine(@Nullable String text) {
    return Words.shorten(String.valueOf(text).strip().replaceAll("\\s+", " "), 200);
  }
}
