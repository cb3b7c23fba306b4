/** Paths, names and records of locks in ZooKeeper. */
@NullMarked
package io.zookit.lock.internal.store;

import org.jspecify.annotations.NullMarked;
