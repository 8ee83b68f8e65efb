/**
 * Which member takes the next work: one class per balance method, and the picture of a pool that
 * sessions choose from.
 *
 * <p>Start at {@link io.posthouse.balance.PoolView}: it is built whenever a member's status, weight
 * or ramp changes, holds only members that may take work, and is published whole. Its tiers ask a
 * {@link io.posthouse.balance.Selector}, which knows weights and live loads and never looks at
 * health.
 *
 * <p>Rule of the room: views and selectors are immutable and may be asked from any thread at once.
 * The only shared mutable things are the pool's {@link io.posthouse.balance.Turn} and the live
 * {@link io.posthouse.balance.Load}s, both of them atomic.
 */
@NullMarked
package io.posthouse.balance;

import org.jspecify.annotations.NullMarked;
