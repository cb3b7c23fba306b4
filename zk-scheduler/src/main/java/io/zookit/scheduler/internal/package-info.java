/** The scheduler of a client: its ledger, its slot claims and the nodes that it started. */
@NullMarked
package io.zookit.scheduler.internal;

import org.jspecify.annotations.NullMarked;
