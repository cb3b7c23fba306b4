@NullMarked
package io.zookit.scheduler;

import org.jspecify.annotations.NullMarked;
