package io.posthouse.health;

import java.time.Duration;

/**
 * What real mail says of one member in one scope.
 *
 * <pre>
 *        three refused in a row
 *  IN  --------------------------->  OUT   10 s, doubled each time up to 5 min
 *   ^                                 |  time is over
 *   | a message accepted              v    a message refused
 *   +-------------------------------  TRIAL  ------------------> OUT
 * </pre>
 *
 * <p>While it is in, windows of 10 s are judged. More than a tenth of at least ten messages refused
 * halves its share; a calm window gives a quarter back, and so does a trial that was passed. Out,
 * nothing counts: what was under way before says nothing of the recovery. On trial the first result
 * decides, whichever message it is of. A trial that ends undecided, or of which nothing is heard,
 * gives way to the next one; each has a number, so that no two messages are the same trial.
 *
 * <p>Two things damp it. A relapse (too much refused again after the share had grown) doubles the
 * calm windows that the next step up takes, to a minute at most; and the time out is doubled also
 * when the member fell out again before it had settled. Both are forgotten after a calm minute at
 * full weight. So a member that can carry three quarters is not driven over its limit twice a
 * minute for ever.
 */
final class ScopePressure {
  /** Refusals in a row that take a member out. */
  static final int IN_A_ROW = 3;

  /** What is judged at once. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** The first time out. */
  static final Duration FIRST_OUT = Duration.ofSeconds(10);

  /** The longest time out. */
  static final Duration LONGEST_OUT = Duration.ofMinutes(5);

  /** How long the result of a trial is waited for before another message may be one. */
  static final Duration TRIAL = Duration.ofSeconds(60);

  /** The share of messages refused above which a window halves the weight. */
  static final double THRESHOLD = 0.1;

  /** Messages below which a window halves nothing. */
  static final int LEAST_VOLUME = 10;

  /** What a calm window gives back. */
  static final double STEP = 0.25;

  /** What is never halved: a member that is in keeps enough work to show its recovery. */
  static final double LEAST_SHARE = 1 / 16.0;

  /** Calm windows at full weight after which the past is forgotten. */
  static final int SETTLED = 6;

  /** The most calm windows that one step up takes. */
  static final int MOST_PATIENCE = 6;

  private enum Phase {
    IN,
    OUT,
    TRIAL
  }

  private Phase phase = Phase.IN;
  private double share = 1;
  private long dueNanos; // the end of the window, of the time out, of the wait for a trial
  private boolean windowOpen;
  private int accepted;
  private int refused;
  private int inARow;
  private int calm;
  private int patience = 1;
  private boolean grown;
  private Duration outFor = Duration.ZERO;
  private int trial;
  private int shownRefused;
  private int shownMessages;
  private String last = "";

  /** Takes in what messages came to. */
  void record(MailCounts counts, long nowNanos) {
    tick(nowNanos);
    if (!counts.last().isEmpty()) {
      last = counts.last();
    }
    switch (phase) {
      case IN -> count(counts, nowNanos);
      case OUT -> {}
      case TRIAL -> {
        if (counts.inARow() > 0) {
          fallOut(counts.inARow(), counts.inARow(), nowNanos);
        } else if (counts.accepted() > 0) {
          comeIn(nowNanos);
        }
      }
    }
  }

  /** The message that was a trial ended without a word about pressure: the next one may be it. */
  void undecided(int number, long nowNanos) {
    if (phase == Phase.TRIAL && number == trial) {
      beginTrial(nowNanos);
    }
  }

  /** Does what has come due. */
  void tick(long nowNanos) {
    while (isDue(nowNanos)) {
      switch (phase) {
        case IN -> closeWindow();
        case OUT, TRIAL -> beginTrial(nowNanos);
      }
    }
  }

  /** Whether something changes by itself at {@link #dueNanos}. */
  boolean isTicking() {
    return phase != Phase.IN || (windowOpen && (refused > 0 || !isSettled()));
  }

  /** When; meaningless while nothing does. */
  long dueNanos() {
    return dueNanos;
  }

  /** What it comes to; the same until something is decided. */
  Pressure pressure() {
    if (phase == Phase.IN) {
      return share == 1
          ? Pressure.NONE
          : new Pressure(share, share, shownRefused, shownMessages, Duration.ZERO, 0, last);
    }
    int now = phase == Phase.TRIAL ? trial : 0;
    return new Pressure(0, 0, shownRefused, shownMessages, outFor, now, last);
  }

  private boolean isDue(long nowNanos) {
    return (phase != Phase.IN || windowOpen) && nowNanos - dueNanos >= 0;
  }

  private void count(MailCounts counts, long nowNanos) {
    if (!windowOpen) {
      openWindow(nowNanos);
    }
    accepted += counts.accepted();
    refused += counts.refused();
    inARow = counts.accepted() > 0 ? counts.inARow() : inARow + counts.inARow();
    if (inARow >= IN_A_ROW) {
      // A row may have begun in an earlier window.
      fallOut(Math.max(refused, inARow), accepted + Math.max(refused, inARow), nowNanos);
    }
  }

  private void openWindow(long fromNanos) {
    windowOpen = true;
    dueNanos = fromNanos + WINDOW.toNanos();
    accepted = 0;
    refused = 0;
  }

  private void closeWindow() {
    int messages = accepted + refused;
    boolean within = refused <= THRESHOLD * messages;
    if (share < 1 || !within) {
      shownRefused = refused;
      shownMessages = messages;
    }
    if (within) {
      calmWindow();
    } else {
      calm = 0;
      if (messages >= LEAST_VOLUME) {
        halve();
      }
    }
    if (isSettled()) {
      windowOpen = false;
    } else {
      openWindow(dueNanos);
    }
  }

  private void calmWindow() {
    calm++;
    if (share < 1 && calm >= patience) {
      share = Math.min(1, share + STEP);
      grown = true;
      calm = 0;
    } else if (share == 1 && calm >= SETTLED) {
      patience = 1;
      grown = false;
      outFor = Duration.ZERO;
      calm = 0;
    }
  }

  private void halve() {
    if (grown) {
      patience = Math.min(MOST_PATIENCE, patience * 2);
    }
    grown = false;
    share = Math.max(LEAST_SHARE, share / 2);
  }

  /** Whether it has its full weight and nothing of the past matters. */
  private boolean isSettled() {
    return share == 1 && !grown && patience == 1 && outFor.isZero();
  }

  private void fallOut(int ofThese, int ofAll, long nowNanos) {
    phase = Phase.OUT;
    Duration doubled = outFor.multipliedBy(2);
    outFor =
        outFor.isZero() ? FIRST_OUT : doubled.compareTo(LONGEST_OUT) < 0 ? doubled : LONGEST_OUT;
    shownRefused = ofThese;
    shownMessages = ofAll;
    windowOpen = false;
    dueNanos = nowNanos + outFor.toNanos();
  }

  private void beginTrial(long nowNanos) {
    phase = Phase.TRIAL;
    trial++;
    dueNanos = nowNanos + TRIAL.toNanos();
  }

  private void comeIn(long nowNanos) {
    phase = Phase.IN;
    share = STEP;
    grown = true;
    calm = 0;
    inARow = 0;
    shownRefused = 0;
    shownMessages = 1;
    openWindow(nowNanos);
  }
}
