package io.posthouse.cli;

import io.posthouse.irule.Conversion;
import io.posthouse.irule.Counterpart;
import io.posthouse.irule.LintFinding;
import io.posthouse.irule.Linted;
import io.posthouse.irule.LintedRule;
import io.posthouse.irule.Position;
import io.posthouse.irule.Severity;
import io.posthouse.model.Spelled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What was found in iRules, in words. */
final class LintText {
  private final String file;
  private final Linted linted;
  private final List<String> lines = new ArrayList<>();

  LintText(String file, Linted linted) {
    this.file = file;
    this.linted = linted;
  }

  /** All of it, wrapped to a width but for YAML; 0: not wrapped. */
  List<String> lines(int columns) {
    linted.findings().forEach(each -> finding(each, columns));
    for (LintedRule rule : linted.rules()) {
      if (!rule.name().isEmpty()) {
        lines.add("RULE " + rule.name() + "  (line " + rule.at().line() + ")");
        lines.add("");
      }
      rule.findings().forEach(each -> finding(each, columns));
      counterparts(rule.counterparts(), columns);
      conversion(rule.conversion(), columns);
    }
    linted
        .passedOver()
        .forEach(each -> lines.add("not looked at: " + each + ": on no virtual server for SMTP"));
    lines.add(sum());
    return lines;
  }

  private void finding(LintFinding finding, int columns) {
    lines.add(
        "%s: %s: %s"
            .formatted(
                place(finding.at()),
                Spelled.of(finding.kind().severity()),
                Spelled.of(finding.kind())));
    Table table = new Table("", "");
    table.row("  what", finding.problem());
    table.row("  do", finding.change());
    lines.addAll(table.linesWithoutHeads(columns));
    lines.add("");
  }

  private void counterparts(List<Counterpart> counterparts, int columns) {
    if (counterparts.isEmpty()) {
      return;
    }
    Table table = new Table("COMMAND", "LINE", "IN POSTHOUSE");
    for (Counterpart each : counterparts) {
      String page = each.exists() ? " (" + each.page() + ")" : "";
      table.row(each.command(), "" + each.at().line(), each.says() + page);
    }
    lines.addAll(table.lines(columns));
    lines.add("");
  }

  private void conversion(Conversion conversion, int columns) {
    switch (conversion) {
      case Conversion.Same same -> {
        lines.add("THE SAME IN POSTHOUSE");
        lines.addAll(same.lines());
      }
      case Conversion.None none -> {
        Table table = new Table("", "");
        table.row("no configuration is printed:", place(none.at()) + ": " + none.why());
        lines.addAll(table.linesWithoutHeads(columns));
      }
    }
    lines.add("");
  }

  private String place(Position at) {
    return file + ":" + at.line() + ":" + at.column();
  }

  private String sum() {
    List<Severity> all =
        Stream.concat(
                linted.findings().stream(),
                linted.rules().stream().flatMap(each -> each.findings().stream()))
            .map(each -> each.kind().severity())
            .toList();
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = all.stream().filter(severity::equals).count();
      if (count > 0) {
        String word = severity.name().toLowerCase(Locale.ROOT);
        counts.add(count + " " + word + (count == 1 ? "" : "s"));
      }
    }
    String more =
        linted.untold() == 0 ? "" : ", and " + linted.untold() + " more that are not told";
    return counts.isEmpty() ? "nothing found" : String.join(", ", counts) + more;
  }
}
