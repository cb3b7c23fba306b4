/** Rows of the configuration centre, beside Curator's caches and counters. */
@NullMarked
package io.zookit.benchmarks.config;

import org.jspecify.annotations.NullMarked;
