/**
 * The monitors' probes and the owner of all health.
 *
 * <p>Start at {@link io.posthouse.probe.HealthOwner}: it alone changes what is known of members, on
 * one virtual thread with a mailbox; {@code SmtpProbe}, {@code TcpProbe} and {@code ExecProbe} ask
 * them, each probe on a virtual thread of its own.
 *
 * <p>Rule of the room: blocking code over plain sockets, never on an event loop. Every wait has a
 * deadline that a trickling member cannot extend; what has none, such as a write, is ended by the
 * watch over the whole probe ({@code RunningProbe}). Everything that a member or a script sends is
 * bounded. TLS is that of the pool: certificates are verified only where mail verifies them, and
 * judged and reported always.
 */
@NullMarked
package io.posthouse.probe;

import org.jspecify.annotations.NullMarked;
