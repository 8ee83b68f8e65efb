package io.posthouse.relay;

/** The two sides of a link. */
enum Side {
  CLIENT,
  MEMBER
}
