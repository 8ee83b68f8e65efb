package io.posthouse.bench.load;

import java.util.Arrays;
import java.util.Locale;

/**
 * How good sessions and idle links use TLS. Any certificate is trusted: this is a load client.
 *
 * @param sessions whether a good session may resume what the one before it in its slot has got
 */
public record TlsLoad(Start start, Sessions sessions, Version version) {

  /** When TLS begins. */
  public enum Start {
    /** After EHLO, by STARTTLS (RFC 3207); an idle link does not come so far. */
    STARTTLS,
    /** At once (RFC 8314). */
    IMPLICIT
  }

  /** Which handshakes are made. */
  public enum Sessions {
    /** Each session makes a full handshake. */
    FULL,
    /** Each session offers the ticket or session of the one before it; the first one has none. */
    RESUMED
  }

  /** The one version that is offered. */
  public enum Version {
    /** RFC 5246. */
    V1_2("1.2"),
    /** RFC 8446. */
    V1_3("1.3");

    private final String key;

    Version(String key) {
      this.key = key;
    }

    /** Its name for Java. */
    String protocol() {
      return "TLSv" + key;
    }
  }

  /**
   * Reads the names of the command line.
   *
   * @throws IllegalArgumentException when one of them is none
   */
  public static TlsLoad parse(String start, String sessions, String version) {
    return new TlsLoad(
        named(Start.class, "--tls", start),
        named(Sessions.class, "--tls-sessions", sessions),
        Arrays.stream(Version.values())
            .filter(v -> v.key.equals(version))
            .findAny()
            .orElseThrow(() ->
                new IllegalArgumentException("--tls-version takes 1.2 or 1.3, not " + version)));
  }

  private static <E extends Enum<E>> E named(Class<E> type, String option, String name) {
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    String names = Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
    throw new IllegalArgumentException(option + " takes one of " + names + ", not " + name);
  }
}
