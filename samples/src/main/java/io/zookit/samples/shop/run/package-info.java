/**
 * A shop whose services find each other in the registry and sell under locks, and the demo that starts it, breaks it
 * and counts.
 *
 * <p>To learn Zookit, read {@link io.zookit.samples.shop.inventory}, {@link io.zookit.samples.shop.orders} and {@link
 * io.zookit.samples.shop.http}: these are services as anybody would write them. This package is the stage they are on:
 * {@link io.zookit.samples.shop.run.Demo} is what {@code zookit demo} runs.
 */
@NullMarked
package io.zookit.samples.shop.run;

import org.jspecify.annotations.NullMarked;
