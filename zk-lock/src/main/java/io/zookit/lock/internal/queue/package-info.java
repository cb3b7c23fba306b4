/** The nodes of requests in the queues of locks, and what one client knows of its queues. */
@NullMarked
package io.zookit.lock.internal.queue;

import org.jspecify.annotations.NullMarked;
