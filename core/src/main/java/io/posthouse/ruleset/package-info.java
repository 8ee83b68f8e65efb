/**
 * What the kernel is told, as text: rules for {@code nft} and words for {@code ip}; and what their
 * listings say.
 *
 * <p>Start at {@link io.posthouse.ruleset.TransparentRules}, for mode dsr at {@link
 * io.posthouse.ruleset.DsrRules}.
 *
 * <p>Rule of the room: pure rendering and reading. Names in rules are our own or made of digits,
 * never text of a user, but for a device's name, which the checks of the file bound. Nothing that
 * is not ours is named, so nothing else can be changed.
 */
@NullMarked
package io.posthouse.ruleset;

import org.jspecify.annotations.NullMarked;
