package io.posthouse.edge;

/**
 * A question to DNS.
 *
 * @param name a host name, without a dot at its end
 */
public record Lookup(String name, Type type) {
  /** What is asked for. */
  public enum Type {
    /** What a list says of an address: IPv4 addresses at a name that no client chooses. */
    LIST,
    /** IPv4 addresses. */
    A,
    /** IPv6 addresses. */
    AAAA,
    /** The name of an address. */
    PTR
  }
}
