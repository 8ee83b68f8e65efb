package io.posthouse.report;

/**
 * What the clients of a class brought, on all virtual servers.
 *
 * @param share its part of all work
 */
public record ClassSum(String clientClass, TrafficSums sums, double share) {}
