package io.posthouse.bench.load;

/**
 * What bad peers of one kind did.
 *
 * @param peers how many there were at a time
 * @param opened links that came about
 * @param refused connects that failed
 * @param closedByPeer links that the other side ended
 * @param bytes octets sent
 */
public record BadResult(
    BadKind kind, int peers, long opened, long refused, long closedByPeer, long bytes) {}
