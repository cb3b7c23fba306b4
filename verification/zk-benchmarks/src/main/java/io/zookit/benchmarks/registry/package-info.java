/** Rows of service discovery, compared with Curator's. */
@NullMarked
package io.zookit.benchmarks.registry;

import org.jspecify.annotations.NullMarked;
