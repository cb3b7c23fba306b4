package io.zookit.spring.job;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Calls the method each time the application stops leading: before another candidate leads if it resigns or shuts down, as
 * soon as it is noticed if the leadership was lost. It belongs to an {@link OnLeader} method of the same bean and election.
 *
 * <p>The method takes nothing, or the {@link io.zookit.lock.election.Leadership} that has ended.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnDeposed {

  /** The name of the election. */
  String value();
}
