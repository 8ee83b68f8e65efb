package io.posthouse.rules;

import io.posthouse.model.RuleEvent;
import io.posthouse.policy.DomainText;
import io.posthouse.smtp.Path;
import io.posthouse.smtp.Reply;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What clients are told that rules refuse. */
public final class RuleReply {
  /** RFC 5321 section 4.5.3.1.5: 512 octets, less code, enhanced code and line end. */
  private static final int LONGEST = 480;

  private static final Pattern WRITTEN =
      Pattern.compile("([0-9]{3}) (?:([0-9])\\.[0-9]{1,3}\\.[0-9]{1,3} )?\\S.*");

  private RuleReply() {}

  /** What is wrong with the text of {@code refuse}; empty for a good one. */
  public static Optional<String> problem(RuleEvent at, String text) {
    if (text.isBlank()) {
      return Optional.of("is empty; write what the client is told");
    } else if (text.length() > LONGEST || !text.matches("[ -~]*")) {
      return Optional.of("must be at most " + LONGEST + " characters of ASCII on one line");
    } else if (!text.matches("[0-9]{3}(?![0-9]).*")) {
      return Optional.empty();
    }
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      return Optional.of("has a code and no text behind it; write some: 550 5.7.1 Not from here");
    }
    int code = Integer.parseInt(written.group(1));
    String enhanced = written.group(2);
    if (enhanced != null && enhanced.charAt(0) != text.charAt(0)) {
      return Optional.of("has two codes that do not agree; the first digits must be the same");
    } else if (at == RuleEvent.CONNECT) {
      return code == 554 || code == 421
          ? Optional.empty()
          : Optional.of("at connect a client is refused with 554, or with 421 for now");
    }
    return code >= 400 && code < 600 && code != 421
        ? Optional.empty()
        : Optional.of("a refusal begins with 4 or 5, and 421 is for then: close");
  }

  /** The reply of a text without a problem. */
  static Reply of(RuleEvent at, String text) {
    boolean coded = WRITTEN.matcher(text).matches();
    if (coded) {
      return Reply.of(Integer.parseInt(text.substring(0, 3)), text.substring(4));
    }
    return Reply.of(at == RuleEvent.CONNECT ? 554 : 550, "5.7.1 " + text);
  }

  /**
   * The reply to a sender or recipient whose domain has no form in A-labels (RFC 5891), so that no
   * condition could tell which domain it is; null for all others.
   */
  public static @Nullable Reply ofSpelling(RuleEvent at, Path path) {
    if (DomainText.isAscii(path.domain()) || DomainText.folded(path.domain()) != null) {
      return null;
    }
    String enhanced = at == RuleEvent.MAIL ? "5.1.7" : "5.1.3";
    return Reply.of(553, enhanced + " The domain has no form in ASCII; write it in A-labels");
  }

  private static final Reply CLOSED = Reply.of(421, "4.7.1 Service not available to you, closing");

  /** For a link that a rule ends. */
  public static Reply closed() {
    return CLOSED;
  }

  /** For a rule that could not be evaluated: nobody gets through by it. */
  static Reply failed(RuleEvent at) {
    return Reply.of(at == RuleEvent.CONNECT ? 421 : 451, "4.3.5 Cannot judge this now, try later");
  }

  /** For a client that is over the limit of a rule. */
  static Reply limited(RuleEvent at) {
    return Reply.of(at == RuleEvent.CONNECT ? 421 : 451, "4.7.1 Too many, try again later");
  }
}
