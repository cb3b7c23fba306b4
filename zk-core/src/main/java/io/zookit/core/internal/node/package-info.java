/** The part of ZooKeeper's tree that a client uses, and nodes that are created, owned and watched. */
@NullMarked
package io.zookit.core.internal.node;

import org.jspecify.annotations.NullMarked;
