@NullMarked
package io.zookit.lock.internal.queue;

import org.jspecify.annotations.NullMarked;
