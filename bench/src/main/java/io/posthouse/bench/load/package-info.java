/**
 * The load client: many SMTP sessions, idle links and bad peers on few threads.
 *
 * <p>Start at {@link io.posthouse.bench.load.LoadRun}. A run has some {@code LoadLoop}s, each one
 * thread with one selector and its share of the peers; a peer lives on one loop for life. Rule: a
 * failure of a peer is counted by stage and cause and never ends a run. What is sent is prepared
 * once and shared; a slot is used again for session after session, so that a message allocates next
 * to nothing. Only {@code LoadRun}, {@code LoadPlan} and what they hand out may be used from other
 * threads. Times are nanoseconds of {@link io.posthouse.bench.measure.Clock}.
 */
@NullMarked
package io.posthouse.bench.load;

import org.jspecify.annotations.NullMarked;
