package io.posthouse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A named list of addresses or of domains, written here or in a file of its own. */
@Shorthand("values")
public record DataGroup(
    @Named String name,
    @Key(value = "What stands in it", fallback = "address") Type type,
    @Key(
            value =
                "Its entries. Addresses and prefixes of both families; domains, of which .contoso.com"
                    + " means all below contoso.com but not itself",
            fallback = "[]",
            example = "[172.16.51.21, 10.20.0.0/16, \"2001:db8:20::/48\"]")
        List<String> values,
    @Key(
            value =
                "A file, relative to this one, with further entries: one a line, # begins a comment. It"
                    + " is read again when it changes",
            example = "domains.txt")
        @Nullable String file) {

  /** What stands in a data group. */
  public enum Type {
    /** Addresses and prefixes. */
    ADDRESS,
    /** Domains. */
    DOMAIN
  }
}
