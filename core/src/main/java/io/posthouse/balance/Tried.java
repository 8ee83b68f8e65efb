package io.posthouse.balance;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of one tier that a link has already tried. Not shared between threads. Most links
 * succeed at the first try, so nothing is allocated before the second.
 */
final class Tried {
  private int first = -1;
  private @Nullable BitSet more;

  /** Nothing that can be tried, and yet not empty, so that no selector takes a turn. */
  static Tried withoutTurn() {
    Tried tried = new Tried();
    tried.add(Integer.MAX_VALUE);
    return tried;
  }

  void add(int index) {
    if (first < 0) {
      first = index;
      return;
    }
    if (more == null) {
      more = new BitSet();
    }
    more.set(index);
  }

  boolean contains(int index) {
    return index == first || (more != null && more.get(index));
  }

  boolean isEmpty() {
    return first < 0;
  }
}
