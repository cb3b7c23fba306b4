@NullMarked
package io.zookit.benchmarks;

import org.jspecify.annotations.NullMarked;
