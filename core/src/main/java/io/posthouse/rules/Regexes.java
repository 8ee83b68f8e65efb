package io.posthouse.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The regular expressions of all conditions, each compiled once; CEL itself compiles one at every
 * call. They are literals of configuration files, so few, but reloads may bring ever new ones.
 */
final class Regexes {
  private static final int MOST = 1000;
  private static final String TOO_LARGE = "it is too large";

  /** Each character of a text may cost a look at all of it. */
  private static final int LARGEST = 1000;

  private static final ConcurrentMap<String, Pattern> KNOWN = new ConcurrentHashMap<>();

  private Regexes() {}

  /** Whether a part of a text matches; the expression may be compiled anew. */
  static boolean matches(String text, String regex) {
    return of(regex).matcher(text).find();
  }

  /** What is wrong with a text that is none, and what to do. */
  static String problem(PatternSyntaxException bad) {
    return bad.getDescription()
        + (bad.getDescription().equals(TOO_LARGE)
            ? "; repeat fewer parts, or write several rules"
            : "; write it as RE2 has it, which looks neither ahead nor back");
  }

  /**
   * The expression of a text.
   *
   * @throws PatternSyntaxException when it is none, or too large
   */
  static Pattern of(String regex) {
    Pattern known = KNOWN.get(regex);
    if (known == null) {
      if (KNOWN.size() >= MOST) {
        KNOWN.clear();
      }
      known = Pattern.compile(regex);
      if (known.programSize() > LARGEST) {
        throw new PatternSyntaxException(TOO_LARGE, regex);
      }
      KNOWN.put(regex, known);
    }
    return known;
  }
}
