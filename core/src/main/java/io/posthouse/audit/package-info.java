/**
 * What is dangerous or without effect in a configuration, although it is right: open relays, source
 * addresses that classes share, persistence, weights, probes.
 *
 * <p>Start at {@link io.posthouse.audit.Audit}.
 *
 * <p>Rule of the room: pure functions over a {@link io.posthouse.model.Configuration} and its
 * {@link io.posthouse.policy.DataGroups}. Nobody is asked, and nothing that runs is looked at, but
 * for {@link io.posthouse.audit.LiveAuditor}, whose work {@code app} does; what its answers mean is
 * judged here, purely, too.
 */
@NullMarked
package io.posthouse.audit;

import org.jspecify.annotations.NullMarked;
