@NullMarked
package io.zookit.samples.shop.orders;

import org.jspecify.annotations.NullMarked;
