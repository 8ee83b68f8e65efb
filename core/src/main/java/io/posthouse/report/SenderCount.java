package io.posthouse.report;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How much work a client brought.
 *
 * @param least it was this much or more
 * @param most it was this much or less; the same where few clients were seen
 */
public record SenderCount(SenderKey key, long least, long most) {
  /** Those first of whom more is certain, equals by their address. */
  static Comparator<SenderCount> order() {
    return Comparator.comparingLong(SenderCount::least)
        .thenComparingLong(SenderCount::most)
        .reversed()
        .thenComparing(each -> each.key().client().getAddress(), Arrays::compareUnsigned)
        .thenComparing(each -> each.key().server());
  }
}
