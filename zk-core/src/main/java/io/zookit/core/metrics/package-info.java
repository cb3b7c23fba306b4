/** Binds Zookit's measurements to Micrometer, which the application brings along. */
@NullMarked
package io.zookit.core.metrics;

import org.jspecify.annotations.NullMarked;
