/** Requests, paths, nodes and keys in ZooKeeper. */
@NullMarked
package io.zookit.config.internal.zk;

import org.jspecify.annotations.NullMarked;
