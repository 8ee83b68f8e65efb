package io.posthouse.net;

import org.jspecify.annotations.Nullable;

/**
 * Deadlines of one loop: a hashed wheel of {@value #SLOTS} slots, one tick each.
 *
 * <p>Arming, moving and disarming are a few pointer writes. A deadline beyond one round stays in
 * its slot and is looked at once a round. Links do not move their idle deadline when octets move:
 * they note the tick and look at it when the deadline comes, so that a busy link costs the wheel
 * nothing. The clock has the wheel's resolution and costs a field read.
 *
 * <p>Lives on one loop; time is an argument ({@link #advance}).
 */
public final class DeadlineWheel {
  /** Length of a tick in milliseconds: the resolution of every time-out. */
  public static final int TICK_MILLIS = 100;

  private static final int SLOTS = 512;

  private final @Nullable Timeout[] heads = new @Nullable Timeout[SLOTS];
  private @Nullable Timeout due;
  private long tick;
  private int size;

  /** The current tick, from 0. */
  public long tick() {
    return tick;
  }

  /** How many deadlines are armed. */
  public int size() {
    return size;
  }

  /** Ticks that are at least so many milliseconds; never 0. */
  public static long ticks(long millis) {
    return Math.max(1, (millis + TICK_MILLIS - 1) / TICK_MILLIS);
  }

  /** Arms a deadline so many ticks from now, or moves one that is armed. */
  public void arm(Timeout timeout, long ticks) {
    disarm(timeout);
    // One more, since the current tick is already under way: never too early.
    timeout.deadlineTick = tick + ticks + 1;
    int slot = (int) (timeout.deadlineTick % SLOTS);
    Timeout head = heads[slot];
    timeout.next = head;
    if (head != null) {
      head.previous = timeout;
    }
    heads[slot] = timeout;
    size++;
  }

  /** Takes a deadline back; nothing happens when it is not armed. */
  public void disarm(Timeout timeout) {
    if (timeout.deadlineTick < 0) {
      return;
    }
    unlink(timeout);
    timeout.deadlineTick = -1;
    size--;
  }

  /**
   * Moves time on to a tick and expires what is due; an expiring timeout may arm and disarm others.
   */
  public void advance(long toTick) {
    while (tick < toTick) {
      if (size == 0) {
        tick = toTick; // A loop that slept for weeks does not walk through them.
        return;
      }
      tick++;
      expire((int) (tick % SLOTS));
    }
  }

  /** Takes all that is due out of the slot, in one pass, and then expires it one by one. */
  private void expire(int slot) {
    Timeout each = heads[slot];
    while (each != null) {
      Timeout following = each.next;
      if (each.deadlineTick <= tick) {
        unlink(each);
        each.due = true;
        each.next = due;
        if (due != null) {
          due.previous = each;
        }
        due = each;
      }
      each = following;
    }
    // One that expires may arm and disarm others, those that are due among them.
    Timeout next;
    while ((next = due) != null) {
      disarm(next);
      next.expired(tick);
    }
  }

  private void unlink(Timeout timeout) {
    Timeout before = timeout.previous;
    Timeout after = timeout.next;
    if (before != null) {
      before.next = after;
    } else if (timeout.due) {
      due = after;
    } else {
      heads[(int) (timeout.deadlineTick % SLOTS)] = after;
    }
    if (after != null) {
      after.previous = before;
    }
    timeout.previous = null;
    timeout.next = null;
    timeout.due = false;
  }
}
