/**
 * The session of mode smtp: one client link, the members its messages go to, and the laws between
 * them, without a socket, a clock or a thread.
 *
 * <p>Start at {@link io.posthouse.smtp.session.Link}: what happens goes in as method calls, what is
 * to be done comes out as calls of {@link io.posthouse.smtp.session.Outlet}. Towards the client:
 * {@code ClientSide} is where it stands and what it is told, {@code ClientCommands} what its
 * commands do, {@code Introduction} what it called itself and may use, {@code Tolerance} how much
 * it may get wrong. Towards members: {@code Delivery} is what the member at hand is sent, {@code
 * MemberReplies} what it means by its answers, {@code FailurePolicy} what is done when it fails,
 * {@link io.posthouse.smtp.session.ServerSide} what is known of its connection. {@link
 * io.posthouse.smtp.session.Transaction} is the message between the two. The arrows: commands and
 * replies know the delivery, the delivery its failures, all of them the client side, which knows
 * nobody.
 *
 * <p>Rule of the room: a link and everything it holds belong to one thread. An outlet may call back
 * at once, from inside a call to it. Octets of bodies are never seen here, only counted. Line text
 * has one char for each octet (ISO 8859-1).
 */
@NullMarked
package io.posthouse.smtp.session;

import org.jspecify.annotations.NullMarked;
