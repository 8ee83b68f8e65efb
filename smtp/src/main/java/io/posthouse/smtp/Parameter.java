package io.posthouse.smtp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of MAIL and RCPT that we know, and what each may say. */
enum Parameter {
  /** RFC 1870 section 3. */
  SIZE(true),
  /** RFC 6152 section 2, RFC 3030 section 3. */
  BODY(true),
  /** RFC 6531 section 3.1. */
  SMTPUTF8(true),
  /** RFC 3461 section 4.3. */
  RET(true),
  /** RFC 3461 section 4.4. */
  ENVID(true),
  /** RFC 4954 section 5. */
  AUTH(true),
  /** RFC 3461 section 4.1. */
  NOTIFY(false),
  /** RFC 3461 section 4.2, RFC 6533 section 3. */
  ORCPT(false);

  private static final int MAX_SIZE_DIGITS = 20;
  private static final int MAX_ENVID = 100;
  private static final int MAX_ADDRESS = 500;
  private static final Set<String> BODIES = Set.of("7BIT", "8BITMIME", "BINARYMIME");
  private static final Set<String> RETURNS = Set.of("FULL", "HDRS");
  private static final Set<String> EVENTS = Set.of("SUCCESS", "FAILURE", "DELAY");

  private final boolean ofMail;

  Parameter(boolean ofMail) {
    this.ofMail = ofMail;
  }

  /** The parameter of this name in upper case; null when MAIL, or RCPT, knows none. */
  static @Nullable Parameter of(String keyword, boolean mail) {
    for (Parameter each : values()) {
      if (each.ofMail == mail && each.name().equals(keyword)) {
        return each;
      }
    }
    return null;
  }

  /** Whether it may say this; null for no value. */
  boolean takes(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      return this == SMTPUTF8 && value == null;
    }
    return switch (this) {
      case SIZE ->
          value.length() <= MAX_SIZE_DIGITS
              && value.chars().allMatch(c -> Octets.isDigit((char) c));
      case BODY -> BODIES.contains(Octets.upper(value));
      case SMTPUTF8 -> false;
      case RET -> RETURNS.contains(Octets.upper(value));
      case ENVID -> value.length() <= MAX_ENVID && Xtext.isValid(value, false);
      case AUTH -> value.length() <= MAX_ADDRESS && Xtext.isValid(value, false);
      case NOTIFY -> isNotify(value);
      case ORCPT -> value.length() <= MAX_ADDRESS && isOriginal(value);
    };
  }

  private static boolean isNotify(String value) {
    if (value.equalsIgnoreCase("NEVER")) {
      return true;
    }
    List<String> events = List.of(Octets.upper(value).split(",", EVENTS.size() + 1));
    return EVENTS.containsAll(events) && new HashSet<>(events).size() == events.size();
  }

  /** {@code type;address}; an address of type utf-8 may be written in octets of UTF-8. */
  private static boolean isOriginal(String value) {
    int semicolon = value.indexOf(';');
    if (semicolon <= 0) {
      return false;
    }
    String type = value.substring(0, semicolon);
    String address = value.substring(semicolon + 1);
    return type.chars().allMatch(c -> c < 0x80 && Octets.isAtom((char) c))
        && !address.isEmpty()
        && Xtext.isValid(address, type.equalsIgnoreCase("utf-8"));
  }
}
