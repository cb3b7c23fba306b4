package io.zookit.spring.lock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method under a lock of the cluster. The lock is acquired before a transaction of the method begins, and released
 * after it has been committed or rolled back; a method that returns a {@code CompletionStage} holds it until that is
 * completed.
 *
 * <pre>{@code
 * @Locked("stock/#{#sku}")
 * @Transactional
 * public void reserve(String sku, int amount) { ... }
 * }</pre>
 *
 * <p>A parameter of type {@link io.zookit.core.FencingToken} or {@link io.zookit.lock.Lease} receives those of the call;
 * callers pass {@code null}.
 *
 * <p><i>Failure:</i> the application does not start if the lock would not be taken: on a private, final or static method, a
 * final class, a bean that cannot be proxied, or together with {@code @Async}; nor if the name cannot be evaluated. Calls
 * inside the bean itself are not locked: use {@link LockTemplate}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Locked {

  /**
   * The name of the lock, a template with expressions in <code>#{…}</code>: parameters by name ({@code #sku}; needs {@code
   * -parameters}) or by position ({@code #p0}).
   */
  String value();

  /** The longest wait, such as {@code 5s}; unless set 30 s, and not at all with {@link OnBusy#SKIP}. */
  String timeout() default "";

  /** The outcome if the lock is not granted in time. */
  OnBusy onBusy() default OnBusy.THROW;

  /** The moment of the release. */
  LockRelease release() default LockRelease.AFTER_CALL;
}
