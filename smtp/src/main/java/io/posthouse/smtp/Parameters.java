package io.posthouse.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of MAIL or RCPT: keyword in upper case to value, in order.
 *
 * @param values null for a keyword without a value
 */
public record Parameters(Map<String, @Nullable String> values) {
  /** None. */
  public static final Parameters NONE = new Parameters(Map.of());

  /** Whether a keyword is there. */
  public boolean has(String keyword) {
    return values.containsKey(keyword);
  }

  /** Whether every octet is ASCII. */
  boolean isAscii() {
    for (String value : values.values()) {
      if (value != null && !Octets.isAscii(value)) {
        return false;
      }
    }
    return true;
  }

  /** All but one. */
  public Parameters without(String keyword) {
    Map<String, @Nullable String> rest = new LinkedHashMap<>(values);
    rest.remove(keyword);
    return new Parameters(rest);
  }

  /** The same with another SIZE; one that is beyond all numbers stays. */
  public Parameters withSize(long octets) {
    if (octets < 0 || size() == Long.MAX_VALUE) {
      return this;
    }
    Map<String, @Nullable String> other = new LinkedHashMap<>(values);
    other.put("SIZE", Long.toString(octets));
    return new Parameters(other);
  }

  /** What SIZE says (RFC 1870 section 3); 0 when it is not there. */
  public long size() {
    String size = values.get("SIZE");
    if (size == null) {
      return 0;
    }
    int start = 0;
    while (start < size.length() && size.charAt(start) == '0') {
      start++;
    }
    int digits = size.length() - start;
    if (digits == 0) {
      return 0;
    }
    return digits > 18 ? Long.MAX_VALUE : Long.parseLong(size, start, size.length(), 10);
  }

  /** As it follows a path: each behind a space. */
  String suffix() {
    if (values.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    values.forEach((keyword, value) -> {
      text.append(' ').append(keyword);
      if (value != null) {
        text.append('=').append(value);
      }
    });
    return text.toString();
  }

  /** The EHLO keywords that a server must offer to take them. */
  Set<String> requires() {
    if (values.isEmpty()) {
      return Set.of();
    }
    Set<String> needed = new TreeSet<>();
    values.forEach((keyword, value) -> {
      switch (keyword) {
        case "BODY" -> {
          boolean binary = "BINARYMIME".equals(value == null ? "" : value.toUpperCase(Locale.ROOT));
          needed.add(binary ? "BINARYMIME" : "8BITMIME");
          if (binary) {
            needed.add("CHUNKING");
          }
        }
        case "RET", "ENVID", "NOTIFY", "ORCPT" -> needed.add("DSN");
        default -> needed.add(keyword);
      }
    });
    return needed;
  }
}
