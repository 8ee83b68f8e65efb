/**
 * The commands as an administrator uses them, in front of real mail servers.
 *
 * <p>Start at {@link io.posthouse.acceptance.Lab}, the test stand that every test gets, and {@link
 * io.posthouse.acceptance.MailTest}.
 *
 * <p>Rule of the room: no class of Posthouse is used, only its commands, files and ports. Whatever
 * is started ends with its test. Waiting is for a condition, with a bound. Peers are on loopback.
 */
@NullMarked
package io.posthouse.acceptance;

import org.jspecify.annotations.NullMarked;
