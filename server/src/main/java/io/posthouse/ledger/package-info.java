/**
 * The log: one line per event, for people or as JSON.
 *
 * <p>Start at {@link io.posthouse.ledger.EventLog}; {@code LineFormat} says how a line looks.
 *
 * <p>Rule of the room: mail never waits for a disk. Whoever emits leaves an event in a bounded
 * queue and goes on; one thread of our own writes. What does not fit is counted and said later.
 * Values may come from hostile peers and are escaped here, nowhere else.
 */
@NullMarked
package io.posthouse.ledger;

import org.jspecify.annotations.NullMarked;
