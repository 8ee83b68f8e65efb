package io.posthouse.config;

import io.posthouse.model.Size;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as the file spells them: a whole number and a unit, {@code 512B 256KiB 10MiB 1GiB}. */
final class Sizes {
  /** What the file allows besides 0, for the schema. */
  static final String PATTERN = "^[0-9]{1,9}(B|KiB|MiB|GiB)$";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");
  private static final Pattern LOOSE = Pattern.compile("([0-9]{1,9})\\s*([kmg]?)i?b?(ytes?)?");
  private static final Map<String, Long> OCTETS = new LinkedHashMap<>();

  static {
    OCTETS.put("GiB", 1L << 30);
    OCTETS.put("MiB", 1L << 20);
    OCTETS.put("KiB", 1L << 10);
    OCTETS.put("B", 1L);
  }

  private Sizes() {}

  /** Reads the form of the file; 0 needs no unit. */
  static Optional<Size> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Size.ZERO);
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = OCTETS.getOrDefault(matcher.group(2), 1L);
    return Optional.of(new Size(Long.parseLong(matcher.group(1)) * unit));
  }

  /** Writes the form of the file, in the largest unit that is exact. */
  static String print(long octets) {
    if (octets == 0) {
      return "0";
    }
    for (Map.Entry<String, Long> unit : OCTETS.entrySet()) {
      if (octets % unit.getValue() == 0) {
        return octets / unit.getValue() + unit.getKey();
      }
    }
    throw new AssertionError("every number is a multiple of 1");
  }

  /** Ends a message about text that is no size: what was given, and what to write. */
  static String remedy(String text) {
    Matcher loose = LOOSE.matcher(text.toLowerCase(java.util.Locale.ROOT));
    String shown = "not " + Words.quote(text);
    if (!loose.matches()) {
      return shown + "; write a whole number and one of the units B, KiB, MiB, GiB, such as 10MiB";
    }
    String number = loose.group(1);
    return switch (loose.group(2)) {
      case "k" -> shown + "; write " + number + "KiB";
      case "m" -> shown + "; write " + number + "MiB";
      case "g" -> shown + "; write " + number + "GiB";
      default -> shown + "; write " + number + "B, or with KiB, MiB or GiB";
    };
  }
}
