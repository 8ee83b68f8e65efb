/** Tests of what is known of members; time is moved by hand. */
@org.jspecify.annotations.NullMarked
package io.posthouse.health;
