/**
 * The configuration file: reading it strictly, saying all that is wrong with it at once, and
 * planning what a change needs.
 *
 * <p>Start at {@code ConfigFile}.
 *
 * <p>Rule of the room: text in, values and problems out; no I/O and no threads.
 */
@NullMarked
package io.posthouse.config;

import org.jspecify.annotations.NullMarked;
