/** The orders: sell one piece after the other, each under the lock of its article. */
@NullMarked
package io.zookit.samples.shop.orders;

import org.jspecify.annotations.NullMarked;
