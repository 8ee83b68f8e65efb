package io.posthouse.admin;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that somebody may have meant. */
final class Nearest {
  private Nearest() {}

  /** The candidate with the fewest edits, if they are few for its length. */
  static Optional<String> to(String written, Collection<String> candidates) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int edits = edits(written, candidate);
      if (edits < least && edits <= Math.max(1, candidate.length() / 3)) {
        best = candidate;
        least = edits;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The Levenshtein distance, letters of either case alike; long names are far from all. */
  private static int edits(String left, String right) {
    if (left.length() > 200 || right.length() > 200) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        char a = Character.toLowerCase(left.charAt(i - 1));
        char b = Character.toLowerCase(right.charAt(j - 1));
        int change = diagonal + (a == b ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
