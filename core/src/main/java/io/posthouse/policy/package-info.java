/**
 * Who a client is and what it may do: data groups, client classes, source addresses, relay rights.
 *
 * <p>Start at {@link io.posthouse.policy.ClassTable}.
 *
 * <p>Rule of the room: everything is made when a configuration or a list is read, immutable from
 * then on, and looked up from any thread without a lock or an allocation. No I/O: the text of lists
 * is handed in.
 */
@NullMarked
package io.posthouse.policy;

import org.jspecify.annotations.NullMarked;
