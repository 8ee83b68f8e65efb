package io.posthouse.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is looked at in a client before it may hand mail in; a check that is absent is off. */
public record EdgeChecks(
    @Named String name,
    @Key(
            value = "Client classes that no check is for",
            fallback = "[]",
            example = "[relay, mail-gateway]")
        List<String> exempt,
    @Key(
            value =
                "Where a client hears that it is refused or to come later: recipient, at each recipient"
                    + " but postmaster and never once it has logged in; or greeting, in place of the"
                    + " greeting, with 554 or 421",
            fallback = "recipient")
        RefuseAt refuseAt,
    @Key(
            value =
                "How long a client waits for DNS before its greeting, and once more behind its name; what"
                    + " is not answered by then counts as good",
            fallback = "3s",
            min = 100,
            max = 30_000)
        Duration timeout,
    @Key(
            value = "Clients that talk before the greeting, which spam programs do",
            example = "{ pause: 2s }")
        @Nullable EarlyTalkers earlyTalkers,
    @Key(
            value = "Lists in DNS of addresses that send spam, or that send none",
            example = "{ lists: { zen.example.org: 2 }, threshold: 2 }")
        @Nullable DnsLists dnsLists,
    @Key(value = "The client's name in DNS", example = "{ require: confirmed }")
        @Nullable ReverseDns reverseDns,
    @Key(value = "What the client calls itself in EHLO or HELO", example = "{ action: refuse }")
        @Nullable HelloCheck hello,
    @Key(
            value = "How much clients may send in a minute",
            example = "{ per-client: { recipients: 200, size: 50MiB } }")
        @Nullable Limits limits,
    @Key(
            value = "How slowly clients that a check with action tarpit meets are served",
            fallback = "{}")
        Tarpit tarpit) {

  /** What becomes of a client that a check meets. */
  public enum Action {
    /** It is logged and counted, and nothing else: to try a check out. */
    LOG,
    /** It is served slowly. */
    TARPIT,
    /** It is told to come later (450). */
    TEMPFAIL,
    /** It is refused (550). */
    REFUSE
  }

  /** Where a client hears of it. */
  public enum RefuseAt {
    /** At each recipient. */
    RECIPIENT,
    /** In place of the greeting. */
    GREETING
  }

  /** Clients that talk before they are greeted (RFC 5321 section 3.1). */
  public record EarlyTalkers(
      @Key(
              value = "How long the greeting is held to see whether the client talks first",
              fallback = "2s",
              min = 100,
              max = 30_000)
          Duration pause,
      @Key(value = "What becomes of one", fallback = "refuse") Action action) {}

  /** Lists in DNS (RFC 5782), whose scores are added up. */
  public record DnsLists(
      @Key(
              value =
                  "The lists by name; each as its zone and score, or as its score alone where the name"
                      + " is the zone",
              min = 1,
              example = "{ zen.example.org: 2, dnswl.example.net: -2 }")
          Map<String, DnsList> lists,
      @Key(value = "From which sum on a client is matched", fallback = "1", min = 1, max = 1000)
          int threshold,
      @Key(value = "What becomes of it", fallback = "refuse") Action action) {}

  /** One list. */
  @Shorthand("score")
  public record DnsList(
      @Named String name,
      @Key(
              value =
                  "The zone; its name when absent. It may hold an account's key: neither clients nor the"
                      + " log see it",
              example = "key.zen.example.org")
          @Nullable String zone,
      @Key(
              value =
                  "What a client is given that is on it; below 0 for a list of good ones. With answers it"
                      + " is not used",
              fallback = "1",
              min = -1000,
              max = 1000)
          int score,
      @Key(
              value = "Scores by answer, added up; an answer that is in none of them gives nothing",
              fallback = "[]",
              example = "[{ codes: [127.0.0.2, 127.0.0.4/30], score: 3 }]")
          List<Codes> answers) {}

  /** What some answers of a list are worth. */
  public record Codes(
      @Key(
              value = "Addresses or prefixes in 127.0.0.0/8 that the list answers with",
              min = 1,
              example = "[127.0.0.2, 127.0.0.4/30]")
          List<String> codes,
      @Key(value = "What one of them gives", min = -1000, max = 1000, example = "3") int score) {}

  /** The name that DNS has for the client's address. */
  public record ReverseDns(
      @Key(
              value =
                  "What the client must have: name, any name; confirmed, one that leads back to its"
                      + " address",
              fallback = "confirmed")
          Require require,
      @Key(value = "What becomes of one that has not", fallback = "tempfail") Action action) {

    /** What a client must have in DNS. */
    public enum Require {
      /** A name. */
      NAME,
      /** A name that leads back to its address. */
      CONFIRMED
    }
  }

  /** What the client calls itself. */
  public record HelloCheck(
      @Key(
              value =
                  "What is held against a client: malformed, neither a host name nor an address in"
                      + " brackets; unqualified, a name without a dot; our-name; foreign-address, an"
                      + " address that is not its own; unknown, a name without an address in DNS",
              fallback = "[malformed, our-name, foreign-address]",
              min = 1)
          List<HelloFault> faults,
      @Key(value = "What becomes of it", fallback = "refuse") Action action) {}

  /** What can be wrong with a client's name for itself. */
  public enum HelloFault {
    /** Neither a host name nor an address literal (RFC 5321 section 4.1.2). */
    MALFORMED,
    /** A host name without a dot. */
    UNQUALIFIED,
    /** Our own name or address. */
    OUR_NAME,
    /** An address literal that is not the client's address. */
    FOREIGN_ADDRESS,
    /** A name that DNS has no address for. */
    UNKNOWN
  }

  /**
   * What may come in a minute. Each bound is a bucket that holds a minute's worth and fills all the
   * time.
   *
   * @param perClient for an address; with IPv6, a /64
   * @param perNetwork for the addresses that agree in their first bits
   * @param perClass for a client class
   */
  public record Limits(
      @Key(value = "For each client: an address; with IPv6, a /64", fallback = "{}") Rate perClient,
      @Key(value = "For each network", fallback = "{}") Rate perNetwork,
      @Key(value = "For each client class", fallback = "{}") Rate perClass,
      @Key(value = "How many leading bits of an address make a network", fallback = "{}")
          Network network,
      @Key(
              value =
                  "What becomes of what is too much: tempfail, it is told to come later; log, nothing",
              fallback = "tempfail")
          LimitAction action) {}

  /**
   * Bounds for a minute; 0 is none.
   *
   * @param connections links begun
   * @param recipients recipients that pass the relay guard
   * @param size octets of messages
   */
  public record Rate(
      @Key(value = "Most links begun in a minute; 0: any", fallback = "0", max = 100_000_000)
          int connections,
      @Key(value = "Most recipients in a minute; 0: any", fallback = "0", max = 100_000_000)
          int recipients,
      @Key(
              value =
                  "Most octets of messages in a minute; 0: any. The message that goes beyond is taken, and"
                      + " the next is not",
              fallback = "0",
              max = 1L << 40,
              example = "50MiB")
          Size size) {}

  /** Leading bits of an address that count. */
  @Shorthand("ipv4")
  public record Network(
      @Key(value = "Bits of an IPv4 address", fallback = "24", max = 32) int ipv4,
      @Key(value = "Bits of an IPv6 address", fallback = "48", max = 64) int ipv6) {}

  /** What becomes of what is too much. */
  public enum LimitAction {
    /** It is logged and counted. */
    LOG,
    /** The client is told to come later. */
    TEMPFAIL
  }

  /** Slow service for suspicious clients. */
  public record Tarpit(
      @Key(
              value = "How long each of its commands waits before it is answered",
              fallback = "5s",
              min = 100,
              max = 60_000)
          Duration delay,
      @Key(
              value =
                  "Most links of the virtual server in it at once; further ones are served as fast as"
                      + " any",
              fallback = "500",
              min = 1,
              max = 1_000_000)
          int links) {}
}
