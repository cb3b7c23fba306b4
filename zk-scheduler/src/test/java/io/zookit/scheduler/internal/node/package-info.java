@NullMarked
package io.zookit.scheduler.internal.node;

import org.jspecify.annotations.NullMarked;
