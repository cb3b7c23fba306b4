@NullMarked
package io.zookit.scheduler.quartz;

import org.jspecify.annotations.NullMarked;
