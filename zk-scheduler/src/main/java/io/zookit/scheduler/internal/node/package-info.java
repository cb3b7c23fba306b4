/** The loop of a scheduler node: due slots, triggers, membership, shards. */
@NullMarked
package io.zookit.scheduler.internal.node;

import org.jspecify.annotations.NullMarked;
