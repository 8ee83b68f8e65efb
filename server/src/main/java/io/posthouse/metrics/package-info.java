/**
 * What is measured, in the Prometheus text format.
 *
 * <p>Start at {@link io.posthouse.metrics.Exposition}. Nothing is counted here: each scrape looks
 * at the status once and turns it into text. The names are listed in docs/features/operations.md,
 * and a test holds both together.
 *
 * <p>Rule of the room: base units (seconds, bytes), names {@code posthouse_...}, counters end in
 * {@code _total}; a name, once published, stays.
 */
@NullMarked
package io.posthouse.metrics;

import org.jspecify.annotations.NullMarked;
