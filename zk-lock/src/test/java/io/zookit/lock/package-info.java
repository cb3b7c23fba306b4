@NullMarked
package io.zookit.lock;

import org.jspecify.annotations.NullMarked;
