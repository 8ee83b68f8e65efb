package io.posthouse.irule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is found in a file, rule by rule. */
final class Findings {
  static final int MOST = 1_000;
  private static final int LONGEST = 60;
  private static final Comparator<LintFinding> BY_PLACE =
      Comparator.<LintFinding>comparingInt(each -> each.at().line())
          .thenComparingInt(each -> each.at().column());

  private final Positions positions;
  private List<LintFinding> found = new ArrayList<>();
  private int told;
  private int untold;

  Findings(Positions positions) {
    this.positions = positions;
  }

  void add(LintKind kind, int at, String problem, String change) {
    if (told == MOST) {
      untold++;
      return;
    }
    told++;
    found.add(new LintFinding(kind, positions.of(at), problem, change));
  }

  Position place(int at) {
    return positions.of(at);
  }

  /** What was found since this was last asked, in the order of the file. */
  List<LintFinding> take() {
    List<LintFinding> all = found;
    all.sort(BY_PLACE);
    found = new ArrayList<>();
    return all;
  }

  /** Drops what was found since it was last taken. */
  void forget() {
    told -= found.size();
    found = new ArrayList<>();
  }

  int untold() {
    return untold;
  }

  /** A piece of the file, short enough for a sentence. */
  static String quote(String text) {
    return "\"" + cut(text) + "\"";
  }

  /** The same without quotes, for what somebody is to write. */
  static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
