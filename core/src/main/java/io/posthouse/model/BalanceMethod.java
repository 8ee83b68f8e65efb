package io.posthouse.model;

/** How a pool spreads work over its usable members; every method honours weights. */
public enum BalanceMethod {
  /** In turn, weighted and smooth. */
  ROUND_ROBIN,
  /** The fewest connections in use for its weight. */
  LEAST_CONNECTIONS,
  /** The fewest open transactions for its weight; in mode tcp a link counts as one. */
  LEAST_MESSAGES,
  /** The better of two, which costs nothing as the pool grows. */
  TWO_CHOICES,
  /** More to those that answer faster. */
  RESPONSE_TIME,
  /** By the client's address; a member that leaves moves only its own clients. */
  SOURCE_HASH
}
