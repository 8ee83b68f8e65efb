package io.posthouse.health;

/** Whose message it is, as far as a member under pressure tells senders apart. */
public enum SenderScope {
  /** A sender of our own domains. */
  INSIDE,
  /** Any other sender, the null sender included. */
  OUTSIDE
}
