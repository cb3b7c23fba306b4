package io.zookit.spring.lock;

/** The outcome of a call whose lock is not granted in time. */
public enum OnBusy {
  /** {@link io.zookit.lock.LockTimeoutException}. */
  THROW,
  /** The method is not called; its result is {@code null}, an empty {@code Optional}, or a completed stage with {@code null}. */
  SKIP
}
