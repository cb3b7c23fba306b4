package io.zookit.spring.job;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes the application a candidate of an election, from the moment at which it is ready, and calls the method each time it
 * begins to lead.
 *
 * <p>The method takes nothing, or the {@link io.zookit.lock.election.Leadership}, whose epoch fences what is written. It
 * should return soon; if it throws, the leadership ends and the application queues again.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnLeader {

  /** The name of the election. */
  String value();
}
