@NullMarked
package io.zookit.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
