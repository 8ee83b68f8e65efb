/**
 * What is known of members: the reply classifier, the rise and fall of a monitor, pressure, and the
 * status that follows.
 *
 * <p>Start at {@code PoolHealth}: results and the time go in, statuses come out. {@code
 * ProbeDialogue} is the other end: the SMTP dialogue of one probe, without a socket.
 *
 * <p>Rule of the room: pure. No I/O, no clock, no thread; one caller at a time, but for {@code
 * MailTally}, which every loop tells. Times are nanoseconds of a monotonic clock given as
 * arguments; instants are for display only. No client can move a member's state by what it sends.
 */
@NullMarked
package io.posthouse.health;

import org.jspecify.annotations.NullMarked;
