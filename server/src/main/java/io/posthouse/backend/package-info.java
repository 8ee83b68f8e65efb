/**
 * Connections to members: choosing, connecting, counting, waiting.
 *
 * <p>Start at {@link io.posthouse.backend.Dial}, one link's way to a member; {@link
 * io.posthouse.backend.BackendPool} is what all links of a pool share.
 *
 * <p>Rule of the room: a dial lives on its link's loop. A pool and its members are shared by all
 * loops: a volatile view, atomic counters and one concurrent queue. The pool's lock is for those
 * who build a view (reconciler, health owner), never for a loop. A permit is taken and given back
 * in {@link io.posthouse.backend.MemberConnections} alone; whoever gives one back wakes the first
 * in the queue. What this machine lacks never counts against a member.
 */
@NullMarked
package io.posthouse.backend;

import org.jspecify.annotations.NullMarked;
