/**
 * What the PROXY protocol puts in front of a connection, as octets: proxy-protocol.txt of HAProxy,
 * versions 1 (section 2.1, one line of text) and 2 (section 2.2, binary).
 *
 * <p>Start at {@link io.posthouse.proxyprotocol.ProxyHeader}: links and probes write what it
 * encodes. {@link io.posthouse.proxyprotocol.HeaderReader} reads what others write.
 *
 * <p>Rule of the room: pure, and nothing but {@code java.base}. Values in, octets out, and back.
 */
@NullMarked
package io.posthouse.proxyprotocol;

import org.jspecify.annotations.NullMarked;
