/**
 * The commands that talk to a running Posthouse: status, reload, drain, enable, disable, probe.
 *
 * <p>Start at {@link io.posthouse.cli.ClientCommands}; each command is a class of its own over
 * {@code ClientCommand}, which finds the API and turns failures into one line and an exit code.
 *
 * <p>Rule of the room: it knows the API, not the house behind it; standard output is for the
 * answer, standard error for everything else; whatever a server sent is made harmless before a
 * terminal gets it; the token goes only to a listener of its owner or of root. It starts once per
 * call, so it loads as little as it can.
 */
@NullMarked
package io.posthouse.cli;

import org.jspecify.annotations.NullMarked;
