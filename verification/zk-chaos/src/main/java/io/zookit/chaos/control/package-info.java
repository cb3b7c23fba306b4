/** Clients written the naive way, which must fail under the same faults. */
@NullMarked
package io.zookit.chaos.control;

import org.jspecify.annotations.NullMarked;
