/**
 * What certificates of peers say, for whoever does a handshake with them: probes and links judge
 * names alike.
 *
 * <p>Rule of the room: pure. What a peer has put into its certificate is hostile: it may be
 * malformed, and is fit to be shown only after {@code Printable}.
 */
@NullMarked
package io.posthouse.certificate;

import org.jspecify.annotations.NullMarked;
