/** Leader election: candidates, terms of leadership, and observers of the leader. */
@NullMarked
package io.zookit.lock.election;

import org.jspecify.annotations.NullMarked;
