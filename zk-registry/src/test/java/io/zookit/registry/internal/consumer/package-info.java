@NullMarked
package io.zookit.registry.internal.consumer;

import org.jspecify.annotations.NullMarked;
