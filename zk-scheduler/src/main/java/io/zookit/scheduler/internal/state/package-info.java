/** The jobs as a node knows them, and the transactions that change a slot. */
@NullMarked
package io.zookit.scheduler.internal.state;

import org.jspecify.annotations.NullMarked;
