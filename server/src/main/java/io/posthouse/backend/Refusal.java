package io.posthouse.backend;

/** Why a link gets no member. */
public enum Refusal {
  /** No member may take work. */
  NO_USABLE_MEMBER,
  /** Every candidate was tried in vain. */
  ALL_CONNECTS_FAILED,
  /** All usable members are at their limit and the queue is full. */
  QUEUE_FULL,
  /** All usable members were at their limit for as long as a link may wait. */
  QUEUE_TIMEOUT
}
