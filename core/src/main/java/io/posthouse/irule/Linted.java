package io.posthouse.irule;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is said of a file.
 *
 * @param rules those that were looked at
 * @param passedOver names of rules that no virtual server for SMTP has
 * @param findings what is about the file as such: it cannot be read, or has no rule
 * @param untold how many findings more there are than are told
 */
public record Linted(
    List<LintedRule> rules, List<String> passedOver, List<LintFinding> findings, int untold) {
  /** Copies the lists. */
  public Linted {
    rules = List.copyOf(rules);
    passedOver = List.copyOf(passedOver);
    findings = List.copyOf(findings);
  }

  /** Whether anything is wrong; notes are not. */
  public boolean wrong() {
    return untold > 0
        || Stream.concat(
                findings.stream(), rules.stream().flatMap(each -> each.findings().stream()))
            .anyMatch(each -> each.kind().severity() != Severity.NOTE);
  }
}
