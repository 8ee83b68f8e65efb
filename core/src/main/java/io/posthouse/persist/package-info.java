/**
 * Which member a client had: what persistence remembers.
 *
 * <p>Start at {@link io.posthouse.persist.PersistenceTable}.
 *
 * <p>Rule of the room: the table is, beside a pool's turn in {@code balance}, the one shared
 * mutable structure of {@code core}; any thread may ask it. Time comes from the ticker it is given.
 */
@NullMarked
package io.posthouse.persist;

import org.jspecify.annotations.NullMarked;
