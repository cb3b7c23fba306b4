/** Paths, names and records of locks in ZooKeeper, and changes of their state. */
@NullMarked
package io.zookit.lock.internal.store;

import org.jspecify.annotations.NullMarked;
