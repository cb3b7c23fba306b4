/** Looking at locks and acting on them from outside: reports of queues, revoking and breaking. */
@NullMarked
package io.zookit.lock.inspect;

import org.jspecify.annotations.NullMarked;
