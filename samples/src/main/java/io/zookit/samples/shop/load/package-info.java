/** The customers: threads that order one piece after the other until everything is sold. */
@NullMarked
package io.zookit.samples.shop.load;

import org.jspecify.annotations.NullMarked;
