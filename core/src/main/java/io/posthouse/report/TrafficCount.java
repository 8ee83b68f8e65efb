package io.posthouse.report;

/** Counts what goes one way, on one loop. */
public final class TrafficCount {
  private long accepted;
  private long refused;
  private long failedTries;
  private long recipients;
  private long links;
  private long octets;

  TrafficCount() {}

  /** A member took a message. */
  public void accepted(int itsRecipients, long itsOctets) {
    accepted++;
    recipients += itsRecipients;
    octets += itsOctets;
  }

  /** A member refused a message whose body it had. */
  public void refused(long itsOctets) {
    refused++;
    octets += itsOctets;
  }

  /** A member failed, or was under pressure. */
  public void failedTry() {
    failedTries++;
  }

  /** A link goes to a member. */
  public void link() {
    links++;
  }

  /** A link ends, which brought so many octets. */
  public void linkEnds(long itsOctets) {
    octets += itsOctets;
  }

  TrafficSums sums() {
    return new TrafficSums(accepted, refused, failedTries, recipients, links, octets);
  }
}
