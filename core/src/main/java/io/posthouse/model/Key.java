package io.posthouse.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what one key of the configuration file means; stands on the record component that holds it.
 *
 * <p>The key's name is the component's name with dashes ({@code downTime} is {@code down-time}). A
 * component that is neither nullable nor given a {@link #fallback} is a required key. The text, the
 * default and the bounds feed the reader's messages, the JSON Schema and the reference page.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /** What the key means: one sentence, without the default or the bounds. */
  String value();

  /**
   * The default, spelt as it would stand in the file ({@code 5s}, {@code round-robin}, {@code {}}
   * for a block of defaults); empty when there is none.
   */
  String fallback() default "";

  /**
   * The smallest number allowed; for a duration in milliseconds, for a size in octets, for a list
   * or map its least size.
   */
  long min() default 0;

  /** The largest number allowed; for a duration in milliseconds, for a size in octets. */
  long max() default Long.MAX_VALUE;

  /**
   * An example as it would stand in the file, for the reference page; empty when the default shows
   * it.
   */
  String example() default "";
}
