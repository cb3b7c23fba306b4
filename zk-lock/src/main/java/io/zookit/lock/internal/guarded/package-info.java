/** Locks with a state in ZooKeeper: owner-died marks and state cells. */
@NullMarked
package io.zookit.lock.internal.guarded;

import org.jspecify.annotations.NullMarked;
