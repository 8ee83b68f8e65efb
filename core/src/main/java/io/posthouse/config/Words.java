package io.posthouse.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Words of the file in messages: quoted safely, and the known word nearest to a misspelt one. */
final class Words {
  private static final int SHOWN = 80;
  private static final int MOST_CANDIDATES = 500;

  private Words() {}

  /** The text in quotation marks, escaped and shortened, so that no file can forge a log line. */
  static String quote(String text) {
    return '"' + shorten(text) + '"';
  }

  /** The text escaped and shortened. */
  static String shorten(String text) {
    return shorten(text, SHOWN);
  }

  /** The text escaped, and cut after so many characters. */
  static String shorten(String text, int most) {
    StringBuilder shown = new StringBuilder();
    int[] points = text.codePoints().limit(most + 1L).toArray();
    for (int i = 0; i < Math.min(points.length, most); i++) {
      if (isPlain(points[i])) {
        shown.appendCodePoint(points[i]);
      } else {
        shown.append(String.format(Locale.ROOT, "\\u%04x", points[i]));
      }
    }
    return points.length > most ? shown + "..." : shown.toString();
  }

  /** Whether the text holds a character that is not for people: control, format, surrogate. */
  static boolean hasControls(String text) {
    return !text.codePoints().allMatch(Words::isPlain);
  }

  /** The candidate that was probably meant, if one is near enough. */
  static Optional<String> nearest(String word, Collection<String> candidates) {
    if (word.isEmpty() || word.length() > SHOWN) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates.stream().limit(MOST_CANDIDATES).toList()) {
      int allowed = Math.max(1, Math.max(word.length(), candidate.length()) / 3);
      boolean near = Math.abs(word.length() - candidate.length()) <= allowed;
      int distance = near ? distance(fold(word), fold(candidate)) : Integer.MAX_VALUE;
      if (distance <= allowed && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Ends a message with the remedy: the word that was meant, or all that there are. */
  static String remedy(String word, Collection<String> candidates) {
    return nearest(word, candidates)
        .map(near -> "did you mean " + shorten(near) + "?")
        .orElseGet(() -> candidates.isEmpty() ? "there is none yet" : "known: " + list(candidates));
  }

  private static String list(Collection<String> words) {
    String list = String.join(", ", words.stream().limit(20).map(Words::shorten).toList());
    return words.size() > 20 ? list + ", and others" : list;
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** {@code min_active} and {@code minActive} are as near to {@code min-active} as can be. */
  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Optimal string alignment: insert, delete, replace, or swap two neighbours. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
