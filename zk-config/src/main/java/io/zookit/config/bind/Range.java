package io.zookit.config.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The least and the greatest value of a component, both included: numbers, durations, sizes, the length of a text, the
 * number of elements of a list, set or map.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Range {

  /** The least value, written as in the configuration; empty for none. */
  String min() default "";

  /** The greatest value, written as in the configuration; empty for none. */
  String max() default "";
}
