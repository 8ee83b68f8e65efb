package io.posthouse.store;

/** A member's pool and its name in it. */
record MemberName(String pool, String member) {}
