/** Tests. */
@NullMarked
package io.zookit.group.internal.planner;

import org.jspecify.annotations.NullMarked;
