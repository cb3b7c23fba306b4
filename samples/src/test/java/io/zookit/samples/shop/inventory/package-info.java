@NullMarked
package io.zookit.samples.shop.inventory;

import org.jspecify.annotations.NullMarked;
