/** Settings of the shop, which can be changed while it sells, without a restart. */
@NullMarked
package io.zookit.samples.shop.settings;

import org.jspecify.annotations.NullMarked;
