/** Rows of locks, compared with Curator's InterProcessMutex. */
@NullMarked
package io.zookit.benchmarks.lock;

import org.jspecify.annotations.NullMarked;
