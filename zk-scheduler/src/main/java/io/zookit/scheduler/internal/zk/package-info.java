/** Requests of one session, and transactions that share a request. */
@NullMarked
package io.zookit.scheduler.internal.zk;

import org.jspecify.annotations.NullMarked;
