@NullMarked
package io.zookit.chaos.counter;

import org.jspecify.annotations.NullMarked;
