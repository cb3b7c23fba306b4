/**
 * For the sibling modules of Zookit only; may change in any release.
 *
 * <p>What a module needs to speak to ZooKeeper well: a handle bound to one session, an order for events and replies,
 * nodes that are surely one's own, validated paths, records with a format version.
 */
@NullMarked
package io.zookit.core.internal;

import org.jspecify.annotations.NullMarked;
