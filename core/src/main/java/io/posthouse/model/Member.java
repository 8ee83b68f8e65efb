package io.posthouse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server and port in a pool. */
@Shorthand("address")
public record Member(
    @Named String name,
    @Key(value = "Address or host name, and port", example = "10.1.1.21:25") Endpoint address,
    @Key(value = "Its share of work, relative to the others", fallback = "1", min = 1, max = 256)
        int weight,
    @Key(
            value = "Its priority group; lower numbers first, as with MX",
            fallback = "0",
            max = 65_535)
        int priority,
    @Key(value = "Most connections at once; 0: no limit", fallback = "0", max = 10_000_000)
        int maxConnections,
    @Key(value = "What the administrator wants of it", fallback = "enabled") AdminState state,
    @Key(value = "Its own monitors instead of the pool's", example = "[deep]")
        @Nullable List<String> monitors,
    @Key(
            value =
                "Mode smtp: whether its connections are kept for the next message, of the same client or"
                    + " an equal one",
            fallback = "true")
        boolean reuse,
    @Key(
            value =
                "The name that its certificate must have, and that is sent to it (SNI); the pool's"
                    + " tls.name, else its host name, when absent",
            example = "ex1.contoso.com")
        @Nullable String tlsName) {

  /** The name that its certificate must have; null for an address without any. */
  public @Nullable String tlsName(MemberTls of) {
    String name = tlsName != null ? tlsName : of.name();
    if (name != null) {
      return name;
    }
    String host = address.host();
    return IpAddress.isIpv4(host) || IpAddress.isIpv6(host) ? null : host;
  }

  /** The same member in another administrative state. */
  public Member withState(AdminState other) {
    return new Member(
        name, address, weight, priority, maxConnections, other, monitors, reuse, tlsName);
  }
}
