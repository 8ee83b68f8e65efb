package io.posthouse.smtp.session;

/**
 * What a client may do.
 *
 * @param maxRecipients recipients of one message
 * @param maxErrors commands that are refused by us before the link is closed
 * @param maxIdleCommands commands that move no mail (NOOP, RSET, VRFY, HELP, EHLO) between two
 *     messages
 * @param maxMessageSize octets that SIZE may declare, and that may come; 0: no limit
 * @param security whether and when it may, or must, use TLS and AUTH
 */
public record SessionLimits(
    int maxRecipients,
    int maxErrors,
    int maxIdleCommands,
    long maxMessageSize,
    Security security) {}
