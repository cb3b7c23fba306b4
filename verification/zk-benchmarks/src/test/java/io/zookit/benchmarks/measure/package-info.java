@NullMarked
package io.zookit.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
