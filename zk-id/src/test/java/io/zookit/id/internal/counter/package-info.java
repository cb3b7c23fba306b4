@NullMarked
package io.zookit.id.internal.counter;

import org.jspecify.annotations.NullMarked;
