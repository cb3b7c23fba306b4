/** Rows of the configuration centre, compared with Curator's caches and counters. */
@NullMarked
package io.zookit.benchmarks.config;

import org.jspecify.annotations.NullMarked;
