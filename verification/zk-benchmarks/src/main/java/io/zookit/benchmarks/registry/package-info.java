/** Rows of service discovery, beside Curator's. */
@NullMarked
package io.zookit.benchmarks.registry;

import org.jspecify.annotations.NullMarked;
