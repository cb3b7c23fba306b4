package io.zookit.lock;

import java.util.concurrent.locks.ReadWriteLock;

/** Both sides of a read-write lock, held by threads. */
record ThreadReadWriteLock(JavaLock readLock, JavaLock writeLock) implements ReadWriteLock {}
