/** Rows of ids, compared with Curator's DistributedAtomicLong and CosId. */
@NullMarked
package io.zookit.benchmarks.id;

import org.jspecify.annotations.NullMarked;
