/**
 * What stands between this machine and its members, and between clients and this machine: the ways
 * that connections go, how tries to go them ended, and what the differences between them mean.
 *
 * <p>Start at {@link io.posthouse.path.MemberVerdicts}.
 *
 * <p>Rule of the room: pure. Facts come as arguments: {@link io.posthouse.path.PathTester} is only
 * declared here, {@code app} goes the ways.
 */
@NullMarked
package io.posthouse.path;

import org.jspecify.annotations.NullMarked;
