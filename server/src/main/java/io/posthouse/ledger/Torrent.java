package io.posthouse.ledger;

import io.posthouse.door.EventKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits the kinds of events that peers can cause at will, to so many lines per second each; the
 * rest is counted.
 */
final class Torrent {
  private static final int LINES_PER_SECOND = 20;
  private static final Set<EventKind> LIMITED =
      Set.of(
          EventKind.LINK_REFUSED,
          EventKind.RECIPIENT_REFUSED,
          EventKind.XCLIENT_REFUSED,
          EventKind.RULE,
          EventKind.RULE_DRY_RUN,
          EventKind.RULE_REFUSED,
          EventKind.RULE_FAILED,
          EventKind.EDGE_CHECK,
          EventKind.EDGE_REFUSED,
          EventKind.MESSAGE_FAILED,
          EventKind.TRY_FAILED,
          EventKind.LINKS_EXHAUSTED,
          EventKind.ACCEPT_FAILED,
          EventKind.CONNECT_FAILED,
          EventKind.LOGIN_FAILED,
          EventKind.RESOLVE_FAILED,
          EventKind.SMTP_INSPECTED,
          EventKind.ADMIN_REFUSED,
          EventKind.LIBRARY,
          EventKind.BUG);

  private final Map<EventKind, Window> windows = new EnumMap<>(EventKind.class);

  Torrent() {
    LIMITED.forEach(kind -> windows.put(kind, new Window()));
  }

  /** Whether an event of this kind may be written in this second; counts it. */
  boolean passes(EventKind kind, long second) {
    Window window = windows.get(kind);
    return window == null || window.passes(second);
  }

  /** How many of the kind were held back in seconds that are over; starts again from 0. */
  long suppressed(EventKind kind, long second) {
    Window window = windows.get(kind);
    return window == null ? 0 : window.suppressedBefore(second);
  }

  Set<EventKind> limited() {
    return LIMITED;
  }

  private static final class Window {
    /** The second in the high half, its events so far in the low half. */
    private final AtomicLong state = new AtomicLong();

    private final LongAdder suppressed = new LongAdder();

    /** The second of the first one that was held back and not told yet; 0: there is none. */
    private final AtomicLong first = new AtomicLong();

    boolean passes(long second) {
      long mark = second << 32;
      long now =
          state.updateAndGet(old -> {
            boolean sameSecond = (old & ~0xffff_ffffL) == mark;
            return sameSecond && (old & 0xffff_ffffL) == 0xffff_ffffL
                ? old
                : sameSecond ? old + 1 : mark + 1;
          });
      if ((now & 0xffff_ffffL) > LINES_PER_SECOND) {
        suppressed.increment();
        first.compareAndSet(0, second);
        return false;
      }
      return true;
    }

    /** Once a second is over, so that a flood that never ends is told while it lasts. */
    long suppressedBefore(long second) {
      long began = first.get();
      if (began == 0 || began == second) {
        return 0;
      }
      first.set(0);
      return suppressed.sumThenReset();
    }
  }
}
