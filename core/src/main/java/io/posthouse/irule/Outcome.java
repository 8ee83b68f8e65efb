package io.posthouse.irule;

import org.jspecify.annotations.Nullable;

/**
 * What a rule does with a client.
 *
 * @param refused whether it is refused; then nothing else counts
 * @param snat automap, none, an address or the path of a SNAT pool; null for the virtual server's
 * @param pool null for the virtual server's
 */
record Outcome(boolean refused, @Nullable String snat, @Nullable String pool) {
  static final Outcome NONE = new Outcome(false, null, null);
  static final Outcome REFUSED = new Outcome(true, null, null);

  Outcome withSnat(String other) {
    return new Outcome(refused, other, pool);
  }

  Outcome withPool(String other) {
    return new Outcome(refused, snat, other);
  }
}
