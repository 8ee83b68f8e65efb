/**
 * Measuring: the clock, processor time and memory of other processes out of {@code /proc}, and the
 * interval of a ratio.
 *
 * <p>Start at {@link io.posthouse.bench.measure.RatioInterval}. Rule: parsers take text and know no
 * files, so that tests feed them; statistics take arrays and a seed, so that the same samples give
 * the same interval on every machine.
 */
@NullMarked
package io.posthouse.bench.measure;

import org.jspecify.annotations.NullMarked;
