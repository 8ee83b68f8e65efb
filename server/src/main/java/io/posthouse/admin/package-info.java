/**
 * The REST API, for the command line and for whoever automates Posthouse.
 *
 * <p>Start at {@link io.posthouse.admin.AdminServer}, then {@code Api}, which has one line per
 * route; {@code Guard} says who is let in. The contract is docs/openapi.yaml, and a test holds both
 * together.
 *
 * <p>Rule of the room: requests run on virtual threads and may block; the room sees the rest only
 * through the doors. Everything a peer sends is bounded: connections, header, body, time. There is
 * no way to write configuration here, so a monitor's {@code exec} command can come from the file
 * only.
 */
@NullMarked
package io.posthouse.admin;

import org.jspecify.annotations.NullMarked;
