package io.posthouse.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows a record to be written as one of its values: {@code ex1: 10.1.1.21:25} instead of {@code
 * ex1: { address: 10.1.1.21:25 }}; where that is a list, as a list.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {
  /** The key, dashed, that the value gives; every other key takes its default. */
  String value();
}
