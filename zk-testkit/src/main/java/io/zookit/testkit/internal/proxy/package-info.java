/** A proxy between clients and servers: connections, frames, rules and counts. */
@NullMarked
package io.zookit.testkit.internal.proxy;

import org.jspecify.annotations.NullMarked;
