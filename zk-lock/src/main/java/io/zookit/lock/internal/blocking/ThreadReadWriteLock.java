package io.zookit.lock.internal.blocking;

import io.zookit.lock.JavaLock;
import java.util.concurrent.locks.ReadWriteLock;

/** Both sides of a read-write lock, held by threads. */
public record ThreadReadWriteLock(JavaLock readLock, JavaLock writeLock) implements ReadWriteLock {}
