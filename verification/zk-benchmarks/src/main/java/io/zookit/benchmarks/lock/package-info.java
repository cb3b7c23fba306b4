/** Rows of locks, beside Curator's InterProcessMutex. */
@NullMarked
package io.zookit.benchmarks.lock;

import org.jspecify.annotations.NullMarked;
