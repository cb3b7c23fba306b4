/** Common parts of the shop's processes: their configuration, and how they report events. */
@NullMarked
package io.zookit.samples.shop.process;

import org.jspecify.annotations.NullMarked;
