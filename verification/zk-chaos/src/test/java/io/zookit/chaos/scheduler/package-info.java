@NullMarked
package io.zookit.chaos.scheduler;

import org.jspecify.annotations.NullMarked;
