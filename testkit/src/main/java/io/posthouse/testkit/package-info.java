/**
 * What tests stand on: a clock moved by hand, peers that misbehave on request, certificates.
 *
 * <p>Start at {@link io.posthouse.testkit.ScriptedServer} and {@link
 * io.posthouse.testkit.HandClock}.
 *
 * <p>Rule of the room: only tests use it, never production code. Here, and only here and in {@code
 * app}, the machine's clock and threads are used directly. Ports are always free ones given by the
 * system; nothing waits longer than some seconds, so that a test that fails does not hang.
 */
@NullMarked
package io.posthouse.testkit;

import org.jspecify.annotations.NullMarked;
