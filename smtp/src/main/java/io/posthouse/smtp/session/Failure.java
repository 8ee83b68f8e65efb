package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a member did not take a message, or will not be asked further.
 *
 * @param phase what was waited for
 * @param reply what the member said; null when it said nothing
 * @param detail for people; empty when the reply says it all
 */
public record Failure(Kind kind, Phase phase, @Nullable Reply reply, String detail) {

  /** What happened. */
  public enum Kind {
    /** The connection broke. */
    LOST,
    /** Nothing came in time. */
    TIMEOUT,
    /** What came was no reply, not the kind that was asked for, or not asked for at all. */
    MALFORMED,
    /** The member is short of something: it has not got the message. */
    PRESSURE,
    /**
     * It left: by a 421 that is no pressure, while its client kept it waiting, or after errors. Any
     * client may bring that about, so it says nothing of the member.
     */
    DEPARTED,
    /** TLS was to be started and could not: its certificate, its handshake, or not offered. */
    TLS,
    /** It greeted with a refusal, such as 554. */
    GREETING_REFUSED,
    /** It refused EHLO and HELO. */
    HELLO_REFUSED,
    /** It refused what another member had accepted. */
    REPLAY_REFUSED,
    /** It does not offer what the message needs. */
    NOT_CAPABLE
  }

  /** For people: {@code pressure at mail: 452 4.3.1 Insufficient system resources}. */
  public String phrase() {
    String what = word(kind) + " at " + word(phase);
    String said = reply == null ? detail : reply.phrase();
    return said.isEmpty() ? what : what + ": " + said;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Failure of(Kind kind, Phase phase, Reply reply) {
    return new Failure(kind, phase, reply, "");
  }

  static Failure of(Kind kind, Phase phase, String detail) {
    return new Failure(kind, phase, null, detail);
  }
}
