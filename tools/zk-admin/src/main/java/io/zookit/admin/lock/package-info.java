/** {@code zookit lock}: queues of locks. */
@NullMarked
package io.zookit.admin.lock;

import org.jspecify.annotations.NullMarked;
