@NullMarked
package io.zookit.scheduler.trigger;

import org.jspecify.annotations.NullMarked;
