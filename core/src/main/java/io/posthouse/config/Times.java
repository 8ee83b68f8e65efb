package io.posthouse.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as the file spells them: a whole number and a unit, {@code 500ms 5s 3m 1h 1d}. */
final class Times {
  /** What the file allows, for the schema. */
  static final String PATTERN = "^[0-9]{1,10}(ms|s|m|h|d)$";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,10})(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS = new LinkedHashMap<>();

  static {
    MILLIS.put("d", 86_400_000L);
    MILLIS.put("h", 3_600_000L);
    MILLIS.put("m", 60_000L);
    MILLIS.put("s", 1000L);
    MILLIS.put("ms", 1L);
  }

  private Times() {}

  /** Reads the form of the file. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = MILLIS.getOrDefault(matcher.group(2), 1L);
    return Optional.of(Duration.ofMillis(Long.parseLong(matcher.group(1)) * unit));
  }

  /** Writes the form of the file, in the largest unit that is exact. */
  static String print(Duration time) {
    long millis = time.toMillis();
    if (millis == 0) {
      return "0s";
    }
    for (Map.Entry<String, Long> unit : MILLIS.entrySet()) {
      if (millis % unit.getValue() == 0) {
        return millis / unit.getValue() + unit.getKey();
      }
    }
    return millis + "ms";
  }

  /** Writes milliseconds in the form of the file. */
  static String print(long millis) {
    return print(Duration.ofMillis(millis));
  }
}
