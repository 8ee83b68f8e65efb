package io.posthouse.irule;

/** What is found in iRules; docs/features/import.md has a line for each. */
public enum LintKind {
  SYNTAX(Severity.ERROR),
  GLOBAL_LIST(Severity.ERROR),
  SNAT_NAME(Severity.ERROR),
  SNATPOOL_ADDRESS(Severity.ERROR),
  MISSING_LIST(Severity.ERROR),
  MISSING_SNATPOOL(Severity.ERROR),
  MISSING_POOL(Severity.ERROR),
  LIST_OF_OTHERS(Severity.ERROR),
  BODY_IN_LOG(Severity.ERROR),
  GLOBAL_VARIABLE(Severity.WARNING),
  STATIC_OUTSIDE_INIT(Severity.WARNING),
  OLD_COMMAND(Severity.WARNING),
  NO_GUARD(Severity.WARNING),
  SILENT_FALLBACK(Severity.WARNING),
  NAME_IN_VARIABLE(Severity.WARNING),
  ADDRESS_AS_TEXT(Severity.WARNING),
  DNS_LOOKUP(Severity.WARNING),
  SMTP_BY_HAND(Severity.WARNING),
  STARTTLS_BY_HAND(Severity.WARNING),
  NODE(Severity.WARNING),
  PERSISTENCE(Severity.WARNING),
  DEAD_EVENT(Severity.WARNING),
  OUTSIDE(Severity.WARNING),
  NO_RULE(Severity.WARNING),
  LIST_NOT_SHOWN(Severity.NOTE),
  SNAT_NONE(Severity.NOTE),
  NOT_IN_POSTHOUSE(Severity.NOTE);

  private final Severity severity;

  LintKind(Severity severity) {
    this.severity = severity;
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }
}
