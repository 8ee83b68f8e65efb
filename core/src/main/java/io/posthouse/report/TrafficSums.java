package io.posthouse.report;

/**
 * What was counted.
 *
 * @param accepted messages that a member took
 * @param refused messages that a member refused when it had their body
 * @param failedTries times that a member failed or was under pressure, so that another was tried or
 *     the client heard 451
 * @param recipients of the messages taken
 * @param links connections relayed, in mode tcp
 * @param octets of bodies that members answered, in mode smtp; from clients, in mode tcp, counted
 *     when their link ends
 */
public record TrafficSums(
    long accepted, long refused, long failedTries, long recipients, long links, long octets) {

  /** Nothing. */
  public static final TrafficSums NONE = new TrafficSums(0, 0, 0, 0, 0, 0);

  /** Both. */
  public TrafficSums plus(TrafficSums other) {
    return new TrafficSums(
        accepted + other.accepted,
        refused + other.refused,
        failedTries + other.failedTries,
        recipients + other.recipients,
        links + other.links,
        octets + other.octets);
  }

  /** What came since. */
  public TrafficSums minus(TrafficSums before) {
    return new TrafficSums(
        accepted - before.accepted,
        refused - before.refused,
        failedTries - before.failedTries,
        recipients - before.recipients,
        links - before.links,
        octets - before.octets);
  }

  /** Whether it can have come out of the other by counting on. */
  boolean follows(TrafficSums before) {
    TrafficSums since = minus(before);
    return since.accepted >= 0
        && since.refused >= 0
        && since.failedTries >= 0
        && since.recipients >= 0
        && since.links >= 0
        && since.octets >= 0;
  }

  /** What members had to do: messages, and links in mode tcp. */
  public long work() {
    return accepted + refused + links;
  }
}
