/** The program behind {@code zookit demo}: starts the shop, plays its scenes, checks the claims. */
@NullMarked
package io.zookit.samples.shop.run;

import org.jspecify.annotations.NullMarked;
