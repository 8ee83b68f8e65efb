/**
 * What quickstart shows Posthouse with: SMTP servers that accept everything and keep nothing, and a
 * client that sends sample mail.
 *
 * <p>Start at {@link io.posthouse.demo.DemoServer}.
 *
 * <p>Rule of the room: blocking code on virtual threads, loopback only, seen by {@code app} alone.
 */
@NullMarked
package io.posthouse.demo;

import org.jspecify.annotations.NullMarked;
