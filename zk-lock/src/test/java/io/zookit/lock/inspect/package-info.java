@NullMarked
package io.zookit.lock.inspect;

import org.jspecify.annotations.NullMarked;
