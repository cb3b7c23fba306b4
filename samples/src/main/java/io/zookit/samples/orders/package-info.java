/** The orders: sell one piece after the other, each under the lock of its article. */
@NullMarked
package io.zookit.samples.orders;

import org.jspecify.annotations.NullMarked;
