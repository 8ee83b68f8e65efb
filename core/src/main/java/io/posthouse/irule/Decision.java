package io.posthouse.irule;

/**
 * What becomes of some clients, or of everybody who is left.
 *
 * @param at where the rule says so
 */
record Decision(Who who, Outcome outcome, int at) {}
