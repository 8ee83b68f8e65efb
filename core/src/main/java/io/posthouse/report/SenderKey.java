package io.posthouse.report;

import java.net.InetAddress;

/**
 * A client on a virtual server, as one class, to one pool: what persistence would keep together.
 */
public record SenderKey(InetAddress client, String server, String clientClass, String pool) {}
