/** Texts of configuration: formats, flat keys, differences and merges. Pure, without ZooKeeper. */
@NullMarked
package io.zookit.config.format;

import org.jspecify.annotations.NullMarked;
