/** Nodes of a group in ZooKeeper: paths, records, and reads of many nodes. */
@NullMarked
package io.zookit.group.internal.store;

import org.jspecify.annotations.NullMarked;
