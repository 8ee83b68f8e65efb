package io.posthouse.model;

import java.time.Duration;

/** How a virtual server of mode smtp speaks with its clients. */
public record SmtpSettings(
    @Key(
            value =
                "A CR or LF that stands alone: reject refuses the message or command and closes the"
                    + " link; normalise makes it CR LF, for old devices. Links keep what they began"
                    + " with",
            fallback = "reject")
        LineEnds lineEnds,
    @Key(
            value =
                "The greatest message, as declared at MAIL and as it comes; a larger one gets 552. 0:"
                    + " any, and the smallest limit of the members is announced",
            fallback = "0",
            max = 1L << 40,
            example = "50MiB")
        Size maxMessageSize,
    @Key(
            value =
                "Most recipients of a message; further ones get 452 4.5.3 (RFC 5321 section 4.5.3.1.8"
                    + " asks for 100 at least)",
            fallback = "1000",
            min = 100,
            max = 100_000)
        int maxRecipients,
    @Key(
            value = "Commands refused on one link before it is closed with 421",
            fallback = "20",
            min = 1,
            max = 10_000)
        int maxErrors,
    @Key(
            value = "How long a client may wait with its next command (RFC 5321 section 4.5.3.2.7)",
            fallback = "5m",
            min = 1000,
            max = 86_400_000)
        Duration commandTimeout,
    @Key(
            value =
                "How long a client may wait with the next octets of a message (RFC 5321 section"
                    + " 4.5.3.2.5)",
            fallback = "3m",
            min = 1000,
            max = 86_400_000)
        Duration dataTimeout,
    @Key(
            value =
                "Octets per second that the body of a message must bring on average, once a minute of"
                    + " it has passed; 0: any",
            fallback = "100",
            max = 1_000_000)
        int minDataRate,
    @Key(
            value =
                "Whether AUTH of the members is offered and passed on to one of them: over-tls to clients"
                    + " that use TLS, always, or off",
            fallback = "over-tls")
        Auth auth) {

  /** To whom AUTH (RFC 4954) is offered. */
  public enum Auth {
    /** To clients that use TLS. */
    OVER_TLS,
    /** To all, so that passwords may cross the network in plain. */
    ALWAYS,
    /** To nobody. */
    OFF
  }

  /** What becomes of a bare CR or LF (RFC 5321 section 2.3.8 forbids both). */
  public enum LineEnds {
    /** Refused with 550 5.5.2, and the link is closed. */
    REJECT,
    /** Made a CR LF; a dot that no exact CR LF framed is stuffed, so that it ends nothing. */
    NORMALISE
  }
}
