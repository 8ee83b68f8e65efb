/**
 * The two commands of the benchmark: {@link io.posthouse.bench.LoadClient} puts SMTP load on one
 * address, {@link io.posthouse.bench.Comparison} measures Posthouse beside HAProxy.
 *
 * <p>Start at {@code docs/benchmark.md}. Room {@code load} is the client, room {@code measure}
 * reads clocks, {@code /proc} and samples, room {@code compare} runs the rounds. Rule: nothing here
 * is part of the product, and nothing of the product is on its class path, so that the client
 * cannot share a mistake with what it measures.
 */
@NullMarked
package io.posthouse.bench;

import org.jspecify.annotations.NullMarked;
