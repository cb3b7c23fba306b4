/** The life of a registration, from the call to the goodbye, with its health checks and heartbeats. */
@NullMarked
package io.zookit.registry.internal.provider;

import org.jspecify.annotations.NullMarked;
