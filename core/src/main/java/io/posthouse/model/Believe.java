package io.posthouse.model;

import java.util.List;

/** Peers that are believed when they say on whose behalf they connect. */
public record Believe(
    @Key(
            value =
                "Data groups of the peers that speak the PROXY protocol. With it every link must begin"
                    + " with its header, and a link of any other peer is closed",
            fallback = "[]",
            example = "[front]")
        List<String> proxy,
    @Key(
            value =
                "Mode smtp: data groups of the peers that may say XCLIENT; any other is refused it",
            fallback = "[]",
            example = "[gateways]")
        List<String> xclient) {}
