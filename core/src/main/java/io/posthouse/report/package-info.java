/**
 * What the traffic since the start came to, and what an administrator is told of it: by virtual
 * server, class, source address and member; who sends most; whose share is not that of its weight.
 *
 * <p>Start at {@link io.posthouse.report.LoopTraffic}, which counts, and {@link
 * io.posthouse.report.Report}, which says what it means.
 *
 * <p>Rule of the room: what counts is one loop's alone and without a lock; what it counted goes out
 * as immutable values ({@link io.posthouse.report.Traffic}), which are added up elsewhere. Memory
 * is bounded whatever clients do. Work is a message in mode smtp, a link in mode tcp.
 */
@NullMarked
package io.posthouse.report;

import org.jspecify.annotations.NullMarked;
