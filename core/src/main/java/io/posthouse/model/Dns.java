package io.posthouse.model;

import java.util.List;

/** Who is asked about names. */
public record Dns(
    @Key(
            value =
                "Addresses and ports of the DNS servers that edge checks ask, in this order; those of"
                    + " /etc/resolv.conf when empty. Names of members are looked up by the system",
            fallback = "[]",
            example = "[127.0.0.1:53]")
        List<Endpoint> resolvers) {}
