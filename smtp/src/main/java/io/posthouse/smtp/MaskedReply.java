package io.posthouse.smtp;

import java.util.regex.Pattern;

/**
 * Recognises what a firewall that inspects SMTP leaves of a server's replies: stars in place of its
 * banner, X in place of what it offers.
 *
 * <p>A banner names its server (RFC 5321 section 4.2), so one of stars and the digits 2 and 0 alone
 * was not sent by any. Stars around a name are decoration, and keywords may begin with one X or
 * more (XCLIENT, X-EXPS); only four of them are a mask.
 */
public final class MaskedReply {
  private static final int LEAST_STARS = 4;
  private static final Pattern VERB = Pattern.compile("\\bX{4,}\\b");

  private MaskedReply() {}

  /** Whether the greeting is a mask from its first line to its last. */
  public static boolean isBanner(Reply greeting) {
    return greeting.lines().stream().allMatch(MaskedReply::isStars);
  }

  /**
   * Whether the reply to EHLO has masked keywords, or is about a verb that was masked on the way.
   */
  public static boolean isHello(Reply reply) {
    if (reply.severity() != 2) {
      return VERB.matcher(reply.text()).find();
    }
    return isStars(reply.lines().getFirst())
        || reply.lines().stream()
            .skip(1)
            .anyMatch(line -> line.startsWith("XXXX") || line.startsWith("****"));
  }

  private static boolean isStars(String line) {
    String text = line.replace(" ", "");
    long stars = text.chars().filter(each -> each == '*').count();
    return stars >= LEAST_STARS
        && stars * 2 >= text.length()
        && text.chars().allMatch(each -> each == '*' || each == '0' || each == '2');
  }
}
