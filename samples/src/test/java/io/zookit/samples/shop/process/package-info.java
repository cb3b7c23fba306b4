@NullMarked
package io.zookit.samples.shop.process;

import org.jspecify.annotations.NullMarked;
