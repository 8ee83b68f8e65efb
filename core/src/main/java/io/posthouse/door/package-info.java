/**
 * The doors: interfaces through which rooms meet that may not see each other.
 *
 * <p>The byte rooms of the server (net, relay, backend, probe) implement or call them, the people
 * rooms (admin, metrics, ledger, store) stand on the other side, and only {@code app} puts both
 * together. Start at {@link io.posthouse.door.StatusView} and {@link io.posthouse.door.EventSink}.
 *
 * <p>Rule of the room: every method may be called from any thread and none blocks, unless it says
 * so.
 */
@NullMarked
package io.posthouse.door;

import org.jspecify.annotations.NullMarked;
