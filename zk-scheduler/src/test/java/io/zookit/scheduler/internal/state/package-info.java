@NullMarked
package io.zookit.scheduler.internal.state;

import org.jspecify.annotations.NullMarked;
