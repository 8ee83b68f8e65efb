/**
 * What is looked at in a client before it may hand mail in: early talkers, lists in DNS, its name
 * in DNS, what it calls itself.
 *
 * <p>Start at {@link io.posthouse.edge.EdgePolicy}, then {@link io.posthouse.edge.ClientLookups}.
 * What was found out about a client stands in its {@link io.posthouse.edge.RecentClient} for its
 * next link.
 *
 * <p>Rule of the room: questions to DNS come out as values and answers go in as values; nothing is
 * asked here. What counts and remembers ({@link io.posthouse.edge.EdgeState} and its parts) is for
 * any thread and outlives reloads; what looks at one client lives on that client's loop. Texts of
 * DNS and of clients become part of a reason only, never of a reply, and a name of DNS only when it
 * is a host name.
 */
@NullMarked
package io.posthouse.edge;

import org.jspecify.annotations.NullMarked;
