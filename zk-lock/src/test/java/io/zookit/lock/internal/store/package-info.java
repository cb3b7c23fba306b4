@NullMarked
package io.zookit.lock.internal.store;

import org.jspecify.annotations.NullMarked;
