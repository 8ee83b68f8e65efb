package io.posthouse.model;

import org.jspecify.annotations.Nullable;

/** What a rule does when it fires: exactly one of its keys is given. */
@Shorthand("verdict")
public record RuleAction(
    @Key(
            value =
                "accept: no further rule is asked at this event; close: the link ends; log: a line and"
                    + " nothing else",
            example = "accept")
        @Nullable Verdict verdict,
    @Key(
            value =
                "The client is refused with this reply: a text, and in front of it a code and an enhanced"
                    + " code, or 550 5.7.1 (at connect 554 5.7.1)",
            example = "552 5.3.4 At most 5 MB")
        @Nullable String refuse,
    @Key(value = "The pool that takes the work, at connect, hello or mail", example = "bulk")
        @Nullable String pool,
    @Key(
            value =
                "The source address that members see, at connect, hello or mail: automap, an address of"
                    + " this machine, or a SNAT pool",
            example = "outside")
        @Nullable String snat,
    @Key(
            value = "The client class that the client is treated as, at connect, hello or mail",
            example = "relay")
        @Nullable String clientClass,
    @Key(
            value = "The client is refused for now when this happens more often",
            example = "{ per-minute-per-client: 10 }")
        @Nullable RuleLimit limit) {

  /** Actions that need no more than a word. */
  public enum Verdict {
    /** No further rule is asked at this event. */
    ACCEPT,
    /** The link ends. */
    CLOSE,
    /** A line in the log, and nothing else. */
    LOG
  }

  /**
   * How often a rule may fire before it refuses; 0 is no bound. A client is an address; with IPv6,
   * a /64.
   */
  public record RuleLimit(
      @Key(value = "Most times in a minute; 0: any", fallback = "0", max = 100_000_000)
          int perMinute,
      @Key(
              value = "Most times in a minute for one client; 0: any",
              fallback = "0",
              max = 100_000_000)
          int perMinutePerClient) {}

  /** Whether it chooses where the work goes, or what the client is treated as. */
  public boolean chooses() {
    return pool != null || snat != null || clientClass != null;
  }

  /** Its key in the file, with the word where it is one; for people. */
  public String key() {
    if (verdict != null) {
      return Spelled.of(verdict);
    } else if (refuse != null) {
      return "refuse";
    } else if (pool != null) {
      return "pool";
    } else if (snat != null) {
      return "snat";
    }
    return clientClass != null ? "client-class" : "limit";
  }
}
