package io.posthouse.ruleset;

/**
 * Notices that a member's answers do not reach the clients: links are begun at it in mode dsr, and
 * few or none of them are made. So it is where the server lacks the VIP, or where its answers take
 * another way than a firewall expects; a flood of SYNs looks the same.
 *
 * <p>Of counters that only grow, a window is looked at when it is over.
 */
public final class HalfOpen {
  private static final long WINDOW_NANOS = 20_000_000_000L;

  /** Fewer say nothing: a client may have gone, a port been scanned. */
  private static final long FEWEST = 5;

  private boolean began;
  private long since;
  private long begunThen;
  private long madeThen;
  private boolean open;

  /** What a look has brought. */
  public enum News {
    /** All is as it was. */
    NONE,
    /** From now on most links are not made. */
    HALF_OPEN,
    /** Links are made again. */
    RECOVERED
  }

  /**
   * Looks at the counters.
   *
   * @param begun links begun so far
   * @param made links made so far
   */
  public News look(long begun, long made, long nowNanos) {
    if (!began || begun < begunThen || made < madeThen) { // The first look, or counters made anew.
      began = true;
      start(begun, made, nowNanos);
      return News.NONE;
    }
    if (nowNanos - since < WINDOW_NANOS) {
      return News.NONE;
    }
    long moreBegun = begun - begunThen;
    long moreMade = made - madeThen;
    start(begun, made, nowNanos);
    if (!open && moreBegun >= FEWEST && moreMade * 2 < moreBegun) {
      open = true;
      return News.HALF_OPEN;
    }
    if (open && moreMade > 0 && moreMade * 2 >= moreBegun) {
      open = false;
      return News.RECOVERED;
    }
    return News.NONE;
  }

  private void start(long begun, long made, long nowNanos) {
    since = nowNanos;
    begunThen = begun;
    madeThen = made;
  }
}
