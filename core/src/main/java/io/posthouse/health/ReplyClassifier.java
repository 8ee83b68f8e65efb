package io.posthouse.health;

import io.posthouse.smtp.EnhancedStatus;
import io.posthouse.smtp.Reply;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one table that tells what a reply says of the member that gave it, for probes and real mail.
 *
 * <p>The enhanced code wins over the basic one; the text decides only where neither tells:
 * greylisting, limits of one client, Exchange's {@code 451 4.7.0 Temporary server error}.
 *
 * <pre>
 * 2xx, 354                                                      ACCEPTED
 * 554, 521 as greeting; 5xx 5.7.x as greeting                   REFUSES_CLIENT
 * text about a limit of this client; 4.5.3; 421 4.7.x;
 *   452 without enhanced code at RCPT                           CLIENT_LIMIT
 * 450, 451 with a greylisting text; 450 4.3.2 (postscreen)      GREYLISTED
 * 451 4.7.0 Temporary server error; 451 4.3.x;
 *   452 4.3.1, 4.3.2 at MAIL, RCPT, DATA, end of data;
 *   452 4.4.x or without enhanced code at MAIL, end of data;
 *   any other 421                                               PRESSURE
 * other 4.1.x, 4.2.x, 4.7.x; 5xx 5.1.x, 5.2.x, 5.6.x, 5.7.x;
 *   other 5xx at HELLO, MAIL, RCPT, DATA and end of data        REFUSED
 * 5.3.x, 5.4.x                                                  BROKEN
 * 500, 502, 503, 5.5.1, 5.5.2; anything else                    PROTOCOL
 * other 4xx                                                     TEMPORARY
 * </pre>
 */
public final class ReplyClassifier {
  private static final Pattern GREYLISTING =
      Pattern.compile("gr[ae]y-?\\s?list|postgrey|greyed|deferred for \\d|come back later");
  private static final Pattern CLIENT_LIMIT =
      Pattern.compile(
          "too many (concurrent |simultaneous )?(smtp )?(connections|sessions|errors|recipients|mails"
              + "|messages|commands)|(from|by) (your|this) (host|ip|address|client|source)"
              + "|per[ -](source|client|host|ip)|rate limit");
  private static final Pattern WAITED_FOR_CLIENT = Pattern.compile("timeout|timed out|idle");

  private ReplyClassifier() {}

  /** What the reply says. */
  public static ReplyVerdict classify(ReplyStep step, Reply reply) {
    return switch (reply.severity()) {
      case 2 -> ReplyVerdict.ACCEPTED;
      case 3 ->
          step == ReplyStep.DATA && reply.code() == 354
              ? ReplyVerdict.ACCEPTED
              : ReplyVerdict.PROTOCOL;
      case 4 -> temporary(step, reply);
      default -> permanent(step, reply);
    };
  }

  private static ReplyVerdict temporary(ReplyStep step, Reply reply) {
    String text = reply.text().toLowerCase(Locale.ROOT);
    Optional<EnhancedStatus> enhanced = reply.enhanced();
    int code = reply.code();
    if (code == 421) {
      boolean clients =
          enhanced.map(e -> e.subject() == 7 || e.is(5, 3)).orElse(false)
              || CLIENT_LIMIT.matcher(text).find()
              || (enhanced.isEmpty() && WAITED_FOR_CLIENT.matcher(text).find());
      return clients ? ReplyVerdict.CLIENT_LIMIT : aboutAddress(enhanced, ReplyVerdict.PRESSURE);
    }
    if ((code == 450 || code == 451) && GREYLISTING.matcher(text).find()) {
      return ReplyVerdict.GREYLISTED;
    }
    if (enhanced.isEmpty()) {
      return bare(step, code, text);
    }
    return enhanced(step, code, enhanced.get(), text);
  }

  private static ReplyVerdict bare(ReplyStep step, int code, String text) {
    if (CLIENT_LIMIT.matcher(text).find() || (code == 452 && step == ReplyStep.RCPT)) {
      return ReplyVerdict.CLIENT_LIMIT;
    }
    boolean takesMail = step == ReplyStep.MAIL || step == ReplyStep.END_OF_DATA;
    return code == 452 && takesMail ? ReplyVerdict.PRESSURE : ReplyVerdict.TEMPORARY;
  }

  private static ReplyVerdict enhanced(
      ReplyStep step, int code, EnhancedStatus enhanced, String text) {
    if (enhanced.is(5, 3)) {
      return ReplyVerdict.CLIENT_LIMIT;
    }
    if (code == 450 && enhanced.is(3, 2)) {
      return ReplyVerdict.GREYLISTED;
    }
    if (code == 451 && enhanced.is(7, 0) && text.contains("temporary server error")) {
      return ReplyVerdict.PRESSURE;
    }
    if (code == 451 && enhanced.subject() == 3) {
      return ReplyVerdict.PRESSURE;
    }
    if (code == 452 && (enhanced.is(3, 1) || enhanced.is(3, 2)) && step != ReplyStep.OTHER) {
      return ReplyVerdict.PRESSURE;
    }
    boolean takesMail = step == ReplyStep.MAIL || step == ReplyStep.END_OF_DATA;
    if (code == 452 && enhanced.subject() == 4 && takesMail) {
      return ReplyVerdict.PRESSURE;
    }
    return aboutAddress(Optional.of(enhanced), ReplyVerdict.TEMPORARY);
  }

  private static ReplyVerdict aboutAddress(
      Optional<EnhancedStatus> enhanced, ReplyVerdict otherwise) {
    int subject = enhanced.map(EnhancedStatus::subject).orElse(0);
    return subject == 1 || subject == 2 || subject == 7 ? ReplyVerdict.REFUSED : otherwise;
  }

  private static ReplyVerdict permanent(ReplyStep step, Reply reply) {
    int subject = reply.enhanced().map(EnhancedStatus::subject).orElse(0);
    int code = reply.code();
    if (step == ReplyStep.GREETING) {
      boolean refuses = code == 554 || code == 521 || subject == 7;
      return refuses ? ReplyVerdict.REFUSES_CLIENT : ReplyVerdict.PROTOCOL;
    }
    if (subject == 3 || subject == 4) {
      return ReplyVerdict.BROKEN;
    }
    if (subject == 1 || subject == 2 || subject == 6 || subject == 7) {
      return ReplyVerdict.REFUSED;
    }
    // A refused name carries 504 5.5.2 (Postfix) or 501: about what was given, not the command.
    if (step == ReplyStep.HELLO && (code == 501 || code == 504)) {
      return ReplyVerdict.REFUSED;
    }
    boolean unknown = code == 500 || code == 502 || code == 503 || subject == 5;
    boolean asks =
        switch (step) {
          case HELLO, MAIL, RCPT, DATA, END_OF_DATA -> true;
          case GREETING, STARTTLS, OTHER -> false;
        };
    return unknown || !asks ? ReplyVerdict.PROTOCOL : ReplyVerdict.REFUSED;
  }
}
