package io.posthouse.acceptance;

/** A mail server that stands in a pool as a member. */
interface Server {
  /** Its name as a member. */
  String name();

  /** Its IPv4 address and port. */
  String address();
}
