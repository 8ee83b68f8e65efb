package io.posthouse.model;

import java.time.Duration;

/**
 * Keeps a client with the member it had. The word {@code none} in its place means no persistence.
 */
public record Persistence(
    @Key(value = "What tells clients apart", fallback = "source-address") By by,
    @Key(
            value = "How long a client that stays away is remembered",
            fallback = "3m",
            min = 1000,
            max = 604_800_000)
        Duration timeout,
    @Key(value = "How many leading bits of the address tell clients apart", fallback = "{}")
        Prefix prefix) {

  /** What tells clients apart. */
  public enum By {
    SOURCE_ADDRESS
  }

  /** Leading bits of an address that count; a single number is the one for IPv4. */
  @Shorthand("ipv4")
  public record Prefix(
      @Key(value = "Bits of an IPv4 address", fallback = "32", max = 32) int ipv4,
      @Key(value = "Bits of an IPv6 address", fallback = "64", max = 128) int ipv6) {}
}
