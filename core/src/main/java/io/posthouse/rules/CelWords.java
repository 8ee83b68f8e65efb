package io.posthouse.rules;

import io.posthouse.model.RuleEvent;
import io.posthouse.model.Spelled;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What CEL says of a condition, in words for an administrator. */
final class CelWords {
  private static final Pattern UNDECLARED =
      Pattern.compile("undeclared reference to '([^']*)' \\(in container ''\\)");
  private static final Pattern NO_FIELD =
      Pattern.compile("type '[^']*' does not support field selection");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']*)' applied to '([^']*)'( \\(candidates: .*)?");
  private static final Pattern RESULT = Pattern.compile("expected type 'bool' but found '(.*)'");
  private static final Pattern SYNTAX =
      Pattern.compile("(mismatched|extraneous) input '([^']*)' expecting .*");

  private static final String HOW =
      "texts stand in quotes, parts are joined by && and ||, and \"Conditions\" in"
          + " docs/features/rules.md has all that there is";

  private CelWords() {}

  /** A message of CEL about a condition at an event. */
  static String of(String message, RuleEvent at) {
    Matcher undeclared = UNDECLARED.matcher(message);
    Matcher overload = NO_OVERLOAD.matcher(message);
    Matcher result = RESULT.matcher(message);
    Matcher syntax = SYNTAX.matcher(message);
    if (undeclared.matches()) {
      return "there is no " + undeclared.group(1) + "; " + known(at);
    } else if (NO_FIELD.matcher(message).matches()) {
      return "there is no such part; " + known(at);
    } else if (overload.matches()) {
      return "'"
          + sign(overload.group(1))
          + "' does not go with "
          + overload.group(2)
          + "; compare a text with a text in quotes, a number with a number, and of a client, sender"
          + " or recipient its parts";
    } else if (result.matches()) {
      return "a condition is true or false, and this is of type "
          + result.group(1)
          + "; compare it with something";
    } else if (syntax.matches()) {
      boolean end = syntax.group(2).equals("<EOF>");
      return end
          ? "something is missing at its end; write what stands behind its last sign, or close what"
              + " is open"
          : "'" + syntax.group(2) + "' is out of place; " + HOW;
    }
    return message + "; " + HOW;
  }

  /** That a name is not known at an event. */
  static String unknown(Variable variable, RuleEvent at) {
    String events = variable.known().stream().map(Spelled::of).collect(Collectors.joining(", "));
    return variable.text() + " is not known at " + Spelled.of(at) + ", only at: " + events;
  }

  private static String known(RuleEvent at) {
    return "known at "
        + Spelled.of(at)
        + ": "
        + Variable.ALL.stream()
            .filter(each -> each.known().contains(at))
            .map(Variable::text)
            .collect(Collectors.joining(", "));
  }

  /** An operator as it is written: {@code _==_} is {@code ==}. */
  private static String sign(String function) {
    return function.matches("_?[^A-Za-z]+_?|@in") ? function.replaceAll("[_@]", "") : function;
  }
}
