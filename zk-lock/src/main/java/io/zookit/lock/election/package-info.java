/** Leader election: candidates, terms of leadership, and observers of who leads. */
@NullMarked
package io.zookit.lock.election;

import org.jspecify.annotations.NullMarked;
