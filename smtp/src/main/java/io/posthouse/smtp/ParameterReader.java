package io.posthouse.smtp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what follows a path (RFC 5321 section 4.1.2, Mail-parameters and Rcpt-parameters). It stops
 * at the first that is wrong, so that there are never more than there are names.
 */
final class ParameterReader {
  private static final Reply BAD = Reply.of(501, "5.5.4 Bad parameter");
  private static final Reply TWICE = Reply.of(501, "5.5.4 The same parameter twice");
  private static final Reply UNKNOWN = Reply.of(555, "5.5.4 Parameter not known");

  private final boolean mail;
  private final Map<String, @Nullable String> values = new LinkedHashMap<>();

  /**
   * A reader.
   *
   * @param mail whether the command is MAIL, else RCPT
   */
  ParameterReader(boolean mail) {
    this.mail = mail;
  }

  /** Takes them in; returns what is to be said against them, or null. */
  @Nullable Reply read(String text) {
    if (text.isEmpty()) {
      return null;
    }
    for (String word : text.stripLeading().split(" +", 0)) {
      Reply wrong = take(word);
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  /** What was read. */
  Parameters parameters() {
    return values.isEmpty() ? Parameters.NONE : new Parameters(values);
  }

  private @Nullable Reply take(String word) {
    int equals = word.indexOf('=');
    String keyword = Octets.upper(equals < 0 ? word : word.substring(0, equals));
    String value = equals < 0 ? null : word.substring(equals + 1);
    Parameter known = Parameter.of(keyword, mail);
    if (known == null) {
      return UNKNOWN;
    }
    if (values.containsKey(keyword)) {
      return TWICE;
    }
    if (!known.takes(value)) {
      return BAD;
    }
    values.put(keyword, value);
    return null;
  }
}
