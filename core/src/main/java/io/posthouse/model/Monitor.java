package io.posthouse.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a member's health is asked by, how often, and how many answers count. */
public record Monitor(
    @Named String name,
    @Key("How the member is asked") Type type,
    @Key(value = "Time between probes of a member", fallback = "10s", min = 100, max = 86_400_000)
        Duration interval,
    @Key(value = "Time for each step of a probe", fallback = "5s", min = 100, max = 600_000)
        Duration timeout,
    @Key(
            value =
                "How long a member that went down is left alone before it is probed again; the interval"
                    + " when absent",
            min = 100,
            max = 86_400_000,
            example = "30s")
        @Nullable Duration downTime,
    @Key(value = "Passes in a row needed to come up", fallback = "1", min = 1, max = 1000) int rise,
    @Key(value = "Failures in a row needed to go down", fallback = "3", min = 1, max = 1000)
        int fall,
    @Key(
            value = "The port that is asked: member, or a number (the alias port)",
            fallback = "member")
        AliasPort port,
    @Key(value = "smtp: how far a probe goes", fallback = "hello") Depth depth,
    @Key(
            value = "smtp: the name given with EHLO; our own hostname when absent",
            example = "monitor.contoso.com")
        @Nullable String helo,
    @Key(
            value = "smtp, depth sender and recipient: the senders that are tried in one probe",
            example = "{ inside: probe@contoso.com, outside: probe@example.net }")
        @Nullable Senders senders,
    @Key(
            value = "smtp, depth recipient: a recipient that the member must accept",
            example = "postmaster@contoso.com")
        @Nullable String recipient,
    @Key(
            value =
                "exec: the program and its arguments; address, port and timeout in seconds are added at"
                    + " the end",
            example = "[/usr/local/lib/posthouse/check-queue, --fast]")
        @Nullable List<String> command) {

  /** How a member is asked. */
  public enum Type {
    TCP,
    SMTP,
    EXEC
  }

  /**
   * How far an smtp probe goes; each includes those before it. STARTTLS must be offered at depth
   * starttls; deeper probes use it where the member offers it.
   */
  public enum Depth {
    CONNECT,
    BANNER,
    HELLO,
    STARTTLS,
    SENDER,
    RECIPIENT
  }

  /** The port a probe connects to: 0 is the member's own, any other the alias port. */
  public record AliasPort(int number) {
    /** The port to probe for a member that listens on {@code memberPort}. */
    public int orElse(int memberPort) {
      return number == 0 ? memberPort : number;
    }
  }

  /** Senders of a probe; a member that refuses only the outside one is under pressure outside. */
  public record Senders(
      @Key("A sender of our own domains") String inside,
      @Key(value = "A sender of a foreign domain", example = "probe@example.net")
          @Nullable String outside) {}

  /** The wait after going down, in effect. */
  public Duration downTimeOrInterval() {
    return downTime == null ? interval : downTime;
  }
}
