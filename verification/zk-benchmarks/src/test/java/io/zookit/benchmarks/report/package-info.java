@NullMarked
package io.zookit.benchmarks.report;

import org.jspecify.annotations.NullMarked;
