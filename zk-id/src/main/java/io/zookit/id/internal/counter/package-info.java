/** Counters and shared values: writes whose outcome is decided although their answers were lost. */
@NullMarked
package io.zookit.id.internal.counter;

import org.jspecify.annotations.NullMarked;
