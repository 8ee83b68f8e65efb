package io.posthouse.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known word that somebody who wrote another one probably meant. */
public final class NearestWord {
  private static final int LONGEST = 80;
  private static final int MOST_CANDIDATES = 500;

  private NearestWord() {}

  /** The candidate with the fewest edits, if they are few for its length; the first of equals. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    if (word.isEmpty() || word.length() > LONGEST) {
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
