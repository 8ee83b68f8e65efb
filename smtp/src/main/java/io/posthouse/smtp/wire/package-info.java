/**
 * Scanners for what clients send: where a command line ends, where a body ends, how much of a chunk
 * is left.
 *
 * <p>Start at {@link io.posthouse.smtp.wire.EndOfDataScanner}, which knows the end of data; {@link
 * io.posthouse.smtp.wire.LineEndNormaliser} takes its place where wrong line ends are made right.
 *
 * <p>Rule of the room: state plus one octet at a time, no buffers, no allocation; any split of the
 * input gives the same answers. One scanner belongs to one link.
 */
@NullMarked
package io.posthouse.smtp.wire;

import org.jspecify.annotations.NullMarked;
