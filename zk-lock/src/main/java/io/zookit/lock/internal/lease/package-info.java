/** Parts of a lease: its state, listeners, time limit, meters and observers. */
@NullMarked
package io.zookit.lock.internal.lease;

import org.jspecify.annotations.NullMarked;
