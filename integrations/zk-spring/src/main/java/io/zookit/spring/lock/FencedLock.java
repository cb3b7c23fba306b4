package io.zookit.spring.lock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a transactional method under a lock, as {@link Locked} does, and lets the database refuse an owner that has lost it:
 * before the method runs, the fencing token is admitted in its transaction, by a {@link
 * io.zookit.core.fence.JdbcFence}.
 *
 * <pre>{@code
 * @FencedLock("stock/#{#sku}")
 * @Transactional
 * public void reserve(String sku, int amount) { ... }
 * }</pre>
 *
 * <p>The resource of the fence is the name of the lock. Its table is {@code zookit.fence.table}.
 *
 * <p><i>Failure:</i> {@link io.zookit.core.fence.StaleTokenException} if a newer owner has committed; the transaction is
 * rolled back. {@link IllegalStateException} if no transaction is active on the data source of the fence; the method was not
 * called.
 *
 * <p><i>Cost:</i> besides the lock two statements in the transaction, which keeps the row of the resource locked.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface FencedLock {

  /** The name of the lock and of the fenced resource, as in {@link Locked#value}. */
  String value();

  /** The longest wait, as in {@link Locked#timeout}. */
  String timeout() default "";

  /** The outcome if the lock is not granted in time. */
  OnBusy onBusy() default OnBusy.THROW;

  /** The moment of the release. */
  LockRelease release() default LockRelease.AFTER_CALL;

  /** The name of the bean of the data source; may be left out if there is one, or a primary one. */
  String dataSource() default "";
}
