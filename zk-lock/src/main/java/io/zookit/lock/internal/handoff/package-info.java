/** Requests of one process that share a queue node. */
@NullMarked
package io.zookit.lock.internal.handoff;

import org.jspecify.annotations.NullMarked;
