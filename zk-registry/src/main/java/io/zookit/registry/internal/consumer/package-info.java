/** Views of a service: from a watch event over a read and the cache to the listeners. */
@NullMarked
package io.zookit.registry.internal.consumer;

import org.jspecify.annotations.NullMarked;
