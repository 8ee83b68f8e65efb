/**
 * Mode tcp: octets of a link to a member and back, none looked at.
 *
 * <p>Start at {@link io.posthouse.relay.TcpServer}, which takes links, then {@link
 * io.posthouse.relay.RelayLink}, one link with both its sides.
 *
 * <p>Rule of the room: a link and both its channels live on one loop; no locks, no volatiles. A
 * buffer read on one side is written to the other or released, at once, and never kept in a field,
 * but for the one read that may come along with the end of a TLS handshake or a PROXY header. What
 * waits to be written is bounded by watermarks, and by less while memory is tight. No SMTP class is
 * loaded.
 */
@NullMarked
package io.posthouse.relay;

import org.jspecify.annotations.NullMarked;
