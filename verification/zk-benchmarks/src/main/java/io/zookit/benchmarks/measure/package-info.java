/** What every group of rows consists of: scenarios with their rows, growth, and the figures of a run. */
@NullMarked
package io.zookit.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
