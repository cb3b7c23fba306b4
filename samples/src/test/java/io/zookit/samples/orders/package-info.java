@NullMarked
package io.zookit.samples.orders;

import org.jspecify.annotations.NullMarked;
