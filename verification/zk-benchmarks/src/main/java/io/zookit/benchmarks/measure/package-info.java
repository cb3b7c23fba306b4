/** Parts of every group of rows: scenarios with their rows, growth, and the figures of a run. */
@NullMarked
package io.zookit.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
