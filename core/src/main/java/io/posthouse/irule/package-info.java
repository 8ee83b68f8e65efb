/**
 * iRules of F5 BIG-IP, read and judged: what fails or does harm when such a rule runs, what says
 * the same in Posthouse, and, for rules of one well-known shape, the client classes that do the
 * same.
 *
 * <p>Start at {@link io.posthouse.irule.IruleLint}.
 *
 * <p>Rule of the room: pure, and nothing of a rule is ever run. The text is anybody's: what cannot
 * be read is a finding with its place, and everything is bounded. Pieces of the text are in
 * findings as they were written, so whoever shows them escapes controls.
 */
@NullMarked
package io.posthouse.irule;

import org.jspecify.annotations.NullMarked;
