/** Codes and check digits: pure, without ZooKeeper. */
@NullMarked
package io.zookit.id.internal.codes;

import org.jspecify.annotations.NullMarked;
