/**
 * Mode smtp: the session of {@code io.posthouse.smtp.session} put on channels.
 *
 * <p>Start at {@link io.posthouse.switching.SmtpServer}; {@code SmtpLink} is one client link,
 * {@code LinkVerdicts} says who may refuse it what, {@code LinkOutlet} carries out what its session
 * asks for, {@code ClientReader} cuts its octets into commands and bodies, {@code MemberSearch}
 * finds a member for each message.
 *
 * <p>Rule of the room: a link lives on one loop with everything it holds, and takes no lock. What
 * is written is flushed once, when the event that caused it has been dealt with. A buffer that was
 * read is written on, or released, or kept as the one rest of input that may not be read yet; the
 * replay buffer is the only copy of a body.
 */
@NullMarked
package io.posthouse.switching;

import org.jspecify.annotations.NullMarked;
