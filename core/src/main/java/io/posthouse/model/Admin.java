package io.posthouse.model;

/** The REST API, metrics and, later, the console. */
public record Admin(
    @Key(
            value =
                "Address and port of the REST API and metrics; only a loopback address as long as the"
                    + " API has no TLS",
            fallback = "127.0.0.1:8025")
        Endpoint listen) {}
