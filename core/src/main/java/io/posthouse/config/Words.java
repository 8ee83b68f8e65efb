package io.posthouse.config;

import java.util.Collection;
import java.util.Locale;

/** Words of the file in messages: quoted safely, and the remedy for a misspelt one. */
public final class Words {
  private static final int SHOWN = 80;

  private Words() {}

  /** The text in quotation marks, escaped and shortened, so that no file can forge a log line. */
  public static String quote(String text) {
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

  /** Ends a message with the remedy: the word that was meant, or all that there are. */
  static String remedy(String word, Collection<String> candidates) {
    return NearestWord.to(word, candidates)
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
}
