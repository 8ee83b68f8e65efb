/**
 * Rules in the kernel: has them made, looked after and removed; and what programs of the machine
 * see of its networks.
 *
 * <p>Start at {@link io.posthouse.kernel.TransparentRouting}. What the rules are is decided in
 * {@code ruleset}; here programs are run.
 *
 * <p>Rule of the room: nothing of anybody else's is changed. Each method may block for as long as a
 * program takes, seconds at most, and is for the reconciler's thread; those of {@link
 * io.posthouse.kernel.CheckTools} for any, one at a time.
 */
@NullMarked
package io.posthouse.kernel;

import org.jspecify.annotations.NullMarked;
