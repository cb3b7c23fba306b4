/** Following namespaces: from the head in ZooKeeper to live values and listeners. */
@NullMarked
package io.zookit.config.internal.follow;

import org.jspecify.annotations.NullMarked;
