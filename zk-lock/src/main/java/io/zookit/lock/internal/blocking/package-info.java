/** Calls that block, and adapters to java.util.concurrent. */
@NullMarked
package io.zookit.lock.internal.blocking;

import org.jspecify.annotations.NullMarked;
