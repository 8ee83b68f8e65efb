package io.posthouse.report;

/**
 * What would come of source persistence: each client stays with one member.
 *
 * @param busiest the member that has most of the pool's work
 * @param share its part of it
 * @param atLeast what the busiest one would have, or more, if each client had one member
 */
public record Sticking(String pool, String busiest, double share, double atLeast) {}
