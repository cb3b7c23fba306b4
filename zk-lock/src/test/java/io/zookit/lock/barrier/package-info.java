@NullMarked
package io.zookit.lock.barrier;

import org.jspecify.annotations.NullMarked;
