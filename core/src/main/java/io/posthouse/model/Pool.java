package io.posthouse.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members that carry the same mail, and how work is spread over them. */
public record Pool(
    @Named String name,
    @Key(value = "The balance method", fallback = "round-robin") BalanceMethod balance,
    @Key(
            value = "Fewer usable members than this in a priority group: the next group joins in",
            fallback = "1",
            min = 1,
            max = 1000)
        int minActive,
    @Key(value = "The monitors that all must pass; none: real connections tell", fallback = "[]")
        List<String> monitors,
    @Key(
            value = "How long a connect to a member may take before the next one is tried",
            fallback = "5s",
            min = 100,
            max = 300_000)
        Duration connectTimeout,
    @Key(
            value = "After a member recovers, its weight grows to full over this time; 0s: at once",
            fallback = "0s",
            max = 86_400_000)
        Duration slowStart,
    @Key(value = "Who waits when every usable member is at its limit", fallback = "{}") Queue queue,
    @Key(
            value = "After disable, how long running links may go on before they are cut",
            fallback = "30s",
            max = 86_400_000)
        Duration disableDeadline,
    @Key(
            value = "How often host names of members are looked up again",
            fallback = "60s",
            min = 1000,
            max = 86_400_000)
        Duration resolveInterval,
    @Key(
            value =
                "Mode smtp: EHLO keywords that clients are offered before anything is learnt from the"
                    + " members; from then on those that every eligible member has",
            fallback = "[]",
            example = "[8BITMIME, DSN]")
        List<Capability> capabilities,
    @Key(
            value = "Mode smtp: another member before the client knows that one failed",
            fallback = "{}")
        Retry retry,
    @Key(
            value = "Mode smtp: connections to members that wait for the next message",
            fallback = "{}")
        Reuse reuse,
    @Key(value = "TLS with the members", fallback = "off", example = "verified") MemberTls tls,
    @Key(
            value =
                "Mode smtp: whether what clients say with AUTH may go to a member over a connection that"
                    + " is not encrypted",
            fallback = "false")
        boolean authOverPlain,
    @Key(value = "How a member is told its client's address", fallback = "none") Announce announce,
    @Key(
            value =
                "Mode smtp: the data group of the domains whose senders are inside, for pressure that"
                    + " outside senders alone meet; the domains of the monitors' inside senders when absent",
            example = "accepted_domains")
        @Nullable String insideSenders,
    @Key(value = "The members, by name", min = 1) Map<String, Member> members) {

  /** Where links wait for a member that is at its {@code max-connections}. */
  public record Queue(
      @Key(value = "Most links that wait; 0: none", fallback = "100", max = 1_000_000) int length,
      @Key(value = "How long a link waits", fallback = "5s", min = 1, max = 600_000)
          Duration timeout) {}

  /** How a message that a member failed to take is given to another. */
  public record Retry(
      @Key(value = "Members tried for a message; 1: no retry", fallback = "3", min = 1, max = 10)
          int tries,
      @Key(
              value = "Time from MAIL after which no further member is tried",
              fallback = "2m",
              min = 1000,
              max = 600_000)
          Duration within,
      @Key(
              value =
                  "Octets of a message that are kept to send them again; a longer message is not"
                      + " retried once more than this was sent",
              fallback = "256KiB",
              max = 16L << 20)
          Size buffer) {}

  /** Connections to members that are idle, ready for the next message. */
  public record Reuse(
      @Key(
              value =
                  "Most that wait per member, all event loops together, unless it carried more messages"
                      + " at once within the last idle-timeout: then that many; 0: none is kept",
              fallback = "5",
              max = 10_000)
          int idleConnections,
      @Key(
              value = "How long one waits before it is closed",
              fallback = "10s",
              min = 100,
              max = 300_000)
          Duration idleTimeout) {}

  /** The same pool with other members. */
  public Pool withMembers(Map<String, Member> others) {
    return new Pool(
        name,
        balance,
        minActive,
        monitors,
        connectTimeout,
        slowStart,
        queue,
        disableDeadline,
        resolveInterval,
        capabilities,
        retry,
        reuse,
        tls,
        authOverPlain,
        announce,
        insideSenders,
        others);
  }
}
