/**
 * The command line, the wiring and the life of the process.
 *
 * <p>Start at {@link io.posthouse.app.Main}, then {@code Posthouse}, where every part is made and
 * joined by hand.
 *
 * <p>Rule of the room: it sees all others and nobody sees it. The machine's clock and the process's
 * signals are touched here and nowhere else.
 */
@NullMarked
package io.posthouse.app;

import org.jspecify.annotations.NullMarked;
