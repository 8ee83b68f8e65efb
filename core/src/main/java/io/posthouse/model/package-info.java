/**
 * What an administrator wrote, as values: the configuration file's records and the enums they use.
 *
 * <p>Start at {@link io.posthouse.model.Configuration}, the whole file; every key of the file is
 * one component of one record here, and its {@link io.posthouse.model.Key} is the only place that
 * says what it means, its default and its bounds. The reader, the JSON Schema and the reference
 * page in {@code io.posthouse.config} are all made from these records.
 *
 * <p>Rule of the room: immutable, no behaviour beyond deriving one value from another, imports
 * nothing of ours. Times are {@link java.time.Duration}, sizes octets, weights relative shares.
 */
@NullMarked
package io.posthouse.model;

import org.jspecify.annotations.NullMarked;
