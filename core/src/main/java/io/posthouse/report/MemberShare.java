package io.posthouse.report;

/**
 * What a member had to do, against what its weight says.
 *
 * @param share its part of the work of its priority group; 0 where there was none
 * @param weightShare its part of the weight of that group
 */
public record MemberShare(
    MemberWeight member, TrafficSums sums, double share, double weightShare) {}
