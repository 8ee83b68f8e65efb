package io.posthouse.model;

import java.util.List;

/** Addresses of ours that connections to members leave from; a client keeps the same one. */
@Shorthand("addresses")
public record SnatPool(
    @Named String name,
    @Key(
            value = "Addresses of this machine; a client's address decides which it gets",
            min = 1,
            example = "[172.16.51.175, 172.16.51.176]")
        List<String> addresses) {}
