package io.posthouse.irule;

import java.util.Arrays;

/** Lines and columns of a text, from 1. */
final class Positions {
  private final int[] starts;

  Positions(String text) {
    int[] found = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count * 2);
      }
      found[count++] = at + 1;
    }
    starts = Arrays.copyOf(found, count);
  }

  /** Where a character stands. */
  Position of(int at) {
    int found = Arrays.binarySearch(starts, at);
    int line = found >= 0 ? found : -found - 2;
    return new Position(line + 1, at - starts[line] + 1);
  }
}
