@NullMarked
package io.zookit.scheduler.time;

import org.jspecify.annotations.NullMarked;
