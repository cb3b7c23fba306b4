/** Which member is to own which partition: the pure rules of a plan, and the member that plans. */
@NullMarked
package io.zookit.group.internal.planner;

import org.jspecify.annotations.NullMarked;
