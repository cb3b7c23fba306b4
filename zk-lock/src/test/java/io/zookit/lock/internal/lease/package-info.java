@NullMarked
package io.zookit.lock.internal.lease;

import org.jspecify.annotations.NullMarked;
