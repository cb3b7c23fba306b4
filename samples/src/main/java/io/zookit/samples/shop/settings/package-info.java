/** The settings of the shop: what can be changed about it while it sells, without starting anything again. */
@NullMarked
package io.zookit.samples.shop.settings;

import org.jspecify.annotations.NullMarked;
