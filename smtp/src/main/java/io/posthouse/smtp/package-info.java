/**
 * The language of SMTP: replies, enhanced status codes, EHLO keywords; values with parse and print.
 *
 * <p>Start at {@code Reply}.
 *
 * <p>Rule of the room: {@code java.base} only, immutable values, no buffers, no clocks, no threads.
 * Text is ISO 8859-1 where it comes from the wire, so that nothing is lost.
 */
@NullMarked
package io.posthouse.smtp;

import org.jspecify.annotations.NullMarked;
