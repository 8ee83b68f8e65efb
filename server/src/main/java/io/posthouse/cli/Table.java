package io.posthouse.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Aligned columns; the last one is wrapped to the width of the terminal, or stands on lines of its
 * own below the others when there is no room beside them.
 */
final class Table {
  private static final int GAP = 2;
  private static final int INDENT = 4;
  private static final int MIN_LAST = 24;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  void row(String... cells) {
    rows.add(Arrays.stream(cells).map(Terminal::safe).toList());
  }

  /**
   * Lays it out.
   *
   * @param columns the width to wrap to; 0: never
   */
  List<String> lines(int columns) {
    int last = rows.get(0).size() - 1;
    int[] widths = new int[last];
    for (List<String> row : rows) {
      for (int i = 0; i < last; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    int before = Arrays.stream(widths).sum() + GAP * last;
    boolean below = columns > 0 && columns - before < MIN_LAST;
    int indent = below ? INDENT : before;
    int room = columns == 0 ? Integer.MAX_VALUE : Math.max(MIN_LAST, columns - indent);
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < last; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] + GAP - row.get(i).length()));
      }
      if (below) {
        lines.add(line.toString().stripTrailing());
        if (lines.size() == 1) {
          continue; // the last head would stand above nothing
        }
        line = new StringBuilder(" ".repeat(indent));
      }
      for (String part : wrap(row.get(last), room)) {
        lines.add(line.append(part).toString().stripTrailing());
        line = new StringBuilder(" ".repeat(indent));
      }
    }
    return lines;
  }

  /** The same without the heads, for a table that explains itself. */
  List<String> linesWithoutHeads(int columns) {
    List<String> all = lines(columns);
    return all.subList(1, all.size());
  }

  private static List<String> wrap(String text, int room) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    while (rest.length() > room) {
      int cut = rest.lastIndexOf(' ', room);
      if (cut <= 0) {
        cut = room;
      }
      parts.add(rest.substring(0, cut));
      rest = rest.substring(cut).stripLeading();
    }
    parts.add(rest);
    return parts;
  }
}
