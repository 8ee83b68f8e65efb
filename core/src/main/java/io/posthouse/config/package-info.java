/**
 * The configuration file: reading it strictly, saying all that is wrong with it at once, and
 * planning what a change needs.
 *
 * <p>Start at {@code ConfigFile}: text to {@code Yaml} tree, tree and {@code Shape} to records,
 * records to checks, with a list of {@code Problem}s beside. {@code JsonSchema} and {@code
 * ReferencePage} are made from the same {@code Shape}; {@code ChangePlan} compares two
 * configurations. Why so: docs/decisions/0001.
 *
 * <p>Rule of the room: text in, values and problems out; no I/O and no threads. Any text gets an
 * answer, at a cost that grows with its length. Lines and columns count from 1.
 */
@NullMarked
package io.posthouse.config;

import org.jspecify.annotations.NullMarked;
