package io.posthouse.irule;

import java.util.List;

/**
 * What is said of one rule.
 *
 * @param name empty when the file is a rule without a name
 * @param at where it begins
 * @param findings in the order of the file
 * @param counterparts each command once, in the order of the file
 */
public record LintedRule(
    String name,
    Position at,
    List<LintFinding> findings,
    List<Counterpart> counterparts,
    Conversion conversion) {
  /** Copies the lists. */
  public LintedRule {
    findings = List.copyOf(findings);
    counterparts = List.copyOf(counterparts);
  }
}
