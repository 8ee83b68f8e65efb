package io.posthouse.balance;

/**
 * A balance method at work on a fixed list of weighted candidates, known by their index.
 *
 * <p>Each call names the best candidate that was not tried yet, so that calling again with the last
 * one added gives the candidates in order. A first call takes a turn where the method has turns;
 * further calls for the same link do not.
 */
sealed interface Selector permits RoundRobin, LeastLoad, TwoChoices, ResponseTime, SourceHash {

  /**
   * The index of the candidate to try next, or -1 when all were tried.
   *
   * @param clientHash a well mixed hash of what tells clients apart
   * @param tried what this link tried in vain
   */
  int choose(long clientHash, Tried tried);
}
