@NullMarked
package io.zookit.registry.internal.store;

import org.jspecify.annotations.NullMarked;
