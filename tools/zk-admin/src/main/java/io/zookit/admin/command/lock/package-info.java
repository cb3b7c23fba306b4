/** {@code zookit lock}: queues of locks. */
@NullMarked
package io.zookit.admin.command.lock;

import org.jspecify.annotations.NullMarked;
