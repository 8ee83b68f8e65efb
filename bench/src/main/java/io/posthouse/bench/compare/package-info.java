/**
 * The comparison: two balancers before the same two sinks, driven in alternating rounds.
 *
 * <p>Start at {@link io.posthouse.bench.compare.Bench}, which starts everything, runs the scenarios
 * and hands back a {@link io.posthouse.bench.compare.Report}. Rule: both balancers get the same
 * treatment, and each figure of one is paired with the figure of the other from the same round.
 * Every process is started through {@code Children}, which ends them all, whatever happens.
 */
@NullMarked
package io.posthouse.bench.compare;

import org.jspecify.annotations.NullMarked;
