@NullMarked
package io.zookit.lock.internal.numbered;

import org.jspecify.annotations.NullMarked;
