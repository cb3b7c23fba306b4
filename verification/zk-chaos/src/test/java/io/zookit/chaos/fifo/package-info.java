@NullMarked
package io.zookit.chaos.fifo;

import org.jspecify.annotations.NullMarked;
