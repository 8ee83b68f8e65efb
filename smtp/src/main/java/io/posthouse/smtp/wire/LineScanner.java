package io.posthouse.smtp.wire;

/**
 * Finds the end of command lines, and those that are too long (RFC 5321 section 4.5.3.1.4).
 *
 * <p>A line that is too long is swallowed to its end and told then, once, so that it gets one
 * reply.
 */
public final class LineScanner {
  /** What an octet turned out to be. */
  public enum Step {
    /** Part of a line. */
    MORE,
    /** The LF of a line's CR LF. */
    LINE,
    /** The LF of a line that has no CR before it; only where that is taken for a line. */
    LF_LINE,
    /** The LF of a line that was longer than it may be. */
    TOO_LONG,
    /** A CR before this octet had no LF, or this LF had no CR and is not taken for a line end. */
    BARE,
    /**
     * This octet cannot begin a command, nor any line of text: it is the first of another protocol,
     * such as TLS, whose octets may never end a line.
     */
    FOREIGN,
    /** More octets than any line could have: whoever sends this is not to be listened to. */
    FLOOD
  }

  /** Octets without a line end after which nothing good is to be expected. */
  public static final int FLOOD_OCTETS = 64 * 1024;

  private int limit;
  private final boolean takesLineFeeds;
  private int octets;
  private boolean carriageReturn;

  /**
   * A scanner of lines.
   *
   * @param limit most octets of a line, its CR LF included
   * @param takesLineFeeds whether LF alone ends a line too
   */
  public LineScanner(int limit, boolean takesLineFeeds) {
    this.limit = limit;
    this.takesLineFeeds = takesLineFeeds;
  }

  /** Sets another limit, for the line at hand too. */
  public void limit(int most) {
    limit = most;
  }

  /** Takes the next octet. */
  public Step accept(byte octet) {
    octets++;
    if (octets == 1 && isForeign(octet)) {
      return Step.FOREIGN;
    }
    if (octet == '\n') {
      return carriageReturn || takesLineFeeds ? endLine() : Step.BARE;
    }
    if (carriageReturn) {
      return Step.BARE;
    }
    carriageReturn = octet == '\r';
    return octets > FLOOD_OCTETS ? Step.FLOOD : Step.MORE;
  }

  private static boolean isForeign(byte octet) {
    boolean control = octet >= 0 && octet < ' ';
    return control && octet != '\t' && octet != '\r' && octet != '\n';
  }

  /** Whether what came of the line so far may still be a command. */
  public boolean isWithinLimit() {
    return octets <= limit;
  }

  private Step endLine() {
    Step end = carriageReturn ? Step.LINE : Step.LF_LINE;
    boolean within = isWithinLimit();
    octets = 0;
    carriageReturn = false;
    return within ? end : Step.TOO_LONG;
  }
}
