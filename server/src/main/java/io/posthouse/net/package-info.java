/**
 * Event loops, listeners and the laws of reading: everything below a protocol.
 *
 * <p>Start at {@link io.posthouse.net.Loops}, then {@link io.posthouse.net.Listener}.
 *
 * <p>Rule of the room: a channel lives on one loop for life and everything that belongs to it is
 * touched on that loop only. Auto-read is off on every link, and {@link io.posthouse.net.ReadGate}
 * alone calls its {@code read()}; listeners switch auto-read on and off. Time on a loop is that of
 * its {@link io.posthouse.net.DeadlineWheel}. Binding and closing listeners blocks and is for the
 * reconciler's thread. What the kernel is to watch, it is told late ({@code LazyEpoll}).
 */
@NullMarked
package io.posthouse.net;

import org.jspecify.annotations.NullMarked;
