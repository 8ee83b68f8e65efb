package io.posthouse.irule;

/**
 * One thing in a rule that somebody should change, or know.
 *
 * @param problem what is wrong, in plain words
 * @param change the one change to make
 */
public record LintFinding(LintKind kind, Position at, String problem, String change) {}
