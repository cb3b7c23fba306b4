/**
 * A shop whose services find each other in the registry and sell under locks: its processes, its database, and the scenes
 * that break it.
 *
 * <p>To learn Zookit, read {@link io.zookit.samples.shop.inventory}, {@link io.zookit.samples.shop.orders} and {@link
 * io.zookit.samples.shop.http}: these are services as anybody would write them. {@code io.zookit.samples.shop.run} starts
 * all of it.
 */
@NullMarked
package io.zookit.samples.shop;

import org.jspecify.annotations.NullMarked;
