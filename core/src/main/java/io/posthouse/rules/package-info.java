/**
 * What rules make of an event of a link: which fire, and what becomes of the client.
 *
 * <p>Start at {@link io.posthouse.rules.RuleSet}. {@link io.posthouse.rules.RuleEngine} stands
 * between the house and CEL, which nobody else sees; what CEL has read runs as plain Java where
 * that is possible ({@code PlainConditions}).
 *
 * <p>Rule of the room: conditions are compiled when a configuration is read, immutable from then
 * on, and asked from any thread. They cannot loop, and what one may cost is bounded by its length.
 * Time is an argument. What is counted is counted without a lock.
 */
@NullMarked
package io.posthouse.rules;

import org.jspecify.annotations.NullMarked;
