package io.posthouse.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who a client is, by its address, and what it may do. */
public record ClientClass(
    @Named String name,
    @Key(
            value = "Data groups of its addresses; any is every address",
            min = 1,
            example = "[smtp_relay_allowed]")
        List<String> from,
    @Key(
            value =
                "Which recipients its clients may send to: any; server, which leaves it to the members;"
                    + " none, before AUTH; or a data group of domains",
            example = "accepted_domains")
        String relay,
    @Key(
            value =
                "Mode smtp: the same for a client that has logged in with AUTH. When absent: server where"
                    + " relay is none, else as relay",
            example = "any")
        @Nullable String relayAfterAuth,
    @Key(
            value =
                "The source address that members see: automap, the one that the kernel chooses; an"
                    + " address of this machine; a SNAT pool; or none, the client's own address"
                    + " (transparent)",
            fallback = "automap",
            example = "172.16.51.174")
        String snat,
    @Key(value = "The pool, instead of the virtual server's", example = "relay_hub")
        @Nullable String pool,
    @Key(
            value = "Whether a client stays with its member; the virtual server's when absent",
            example = "{ by: source-address, timeout: 3m }")
        @Nullable ClassPersistence persistence,
    @Key(value = "Mode smtp: whether a client must use TLS before MAIL", fallback = "optional")
        Demand tls,
    @Key(
            value = "Mode smtp: whether a client must log in with AUTH before MAIL",
            fallback = "optional")
        Demand auth,
    @Key(
            value = "The port of the members for this class; 0: each member's own",
            fallback = "0",
            max = 65_535)
        int memberPort,
    @Key(
            value =
                "Addresses of members for this class, by the name of the member; the others have their"
                    + " own. Probes ask a member's own address",
            fallback = "{}",
            example = "{ ex1: 10.1.1.121:25 }")
        Map<String, MemberAddress> memberAddresses,
    @Key(value = "Bounds of its clients", fallback = "{}") Limits limits) {

  /** The word in {@code from} for every address. */
  public static final String ANY = "any";

  private static final String NOBODY = "none";

  /** Whom a virtual server without classes lets in: everybody, and the members decide. */
  public static ClientClass everybody() {
    return new ClientClass(
        "everybody",
        List.of(ANY),
        "server",
        null,
        "automap",
        null,
        null,
        Demand.OPTIONAL,
        Demand.OPTIONAL,
        0,
        Map.of(),
        new Limits(0, 0, 0, 0));
  }

  /** The relay right of a client that has logged in: its member knows who it is. */
  public String relayAfterAuthInEffect() {
    if (relayAfterAuth != null) {
      return relayAfterAuth;
    }
    return relay.equals(NOBODY) ? "server" : relay;
  }

  /**
   * The same where a rule chooses.
   *
   * @param otherPool of whose members it knows no addresses of its own; null for its pool
   * @param otherSnat null for its source address
   */
  public ClientClass sentTo(@Nullable String otherPool, @Nullable String otherSnat) {
    return new ClientClass(
        name,
        from,
        relay,
        relayAfterAuth,
        otherSnat == null ? snat : otherSnat,
        otherPool == null ? pool : otherPool,
        persistence,
        tls,
        auth,
        memberPort,
        otherPool == null ? memberAddresses : Map.of(),
        limits);
  }

  /** Where a member is reached for this class, as the file has it. */
  public Endpoint address(Member member) {
    MemberAddress own = memberAddresses.get(member.name());
    if (own != null) {
      return own.address();
    }
    Endpoint its = member.address();
    return memberPort == 0 ? its : new Endpoint(its.host(), memberPort);
  }

  /** What is asked of a client. */
  public enum Demand {
    /** Nothing. */
    OPTIONAL,
    /** It must. */
    REQUIRED
  }

  /** Where a member is reached for one class. */
  @Shorthand("address")
  public record MemberAddress(
      @Named String name,
      @Key(value = "Address or host name, and port", example = "10.1.1.121:25") Endpoint address) {}

  /** Persistence of a class: its own, or none where the virtual server has one. */
  @Shorthand("by")
  public record ClassPersistence(
      @Key(value = "What tells clients apart, or none", fallback = "source-address") By by,
      @Key(
              value = "How long a client that stays away is remembered",
              fallback = "3m",
              min = 1000,
              max = 604_800_000)
          Duration timeout,
      @Key(value = "How many leading bits of the address tell clients apart", fallback = "{}")
          Persistence.Prefix prefix) {
    /** The same as a virtual server has it; null for none. */
    public @Nullable Persistence settings() {
      return by == By.NONE ? null : new Persistence(Persistence.By.SOURCE_ADDRESS, timeout, prefix);
    }

    /** What tells clients apart. */
    public enum By {
      SOURCE_ADDRESS,
      NONE
    }
  }

  /**
   * Bounds of a class; 0 is no bound. A client is an address; with IPv6, a /64.
   *
   * @param connections links of the class at once
   * @param connectionsPerClient links of one client at once
   * @param messagesPerMinute messages of the class
   * @param messagesPerMinutePerClient messages of one client
   */
  public record Limits(
      @Key(value = "Most links of the class at once; 0: any", fallback = "0", max = 10_000_000)
          int connections,
      @Key(value = "Most links of one client at once; 0: any", fallback = "0", max = 10_000_000)
          int connectionsPerClient,
      @Key(
              value = "Mode smtp: most messages of the class in a minute; 0: any",
              fallback = "0",
              max = 100_000_000)
          int messagesPerMinute,
      @Key(
              value = "Mode smtp: most messages of one client in a minute; 0: any",
              fallback = "0",
              max = 100_000_000)
          int messagesPerMinutePerClient) {}
}
