/** Paths, names and records of services in ZooKeeper, and reads of many of their nodes. */
@NullMarked
package io.zookit.registry.internal.store;

import org.jspecify.annotations.NullMarked;
