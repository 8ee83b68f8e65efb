package io.posthouse.report;

/** A member as it is configured now. */
public record MemberWeight(String pool, String member, int weight, int priority) {}
