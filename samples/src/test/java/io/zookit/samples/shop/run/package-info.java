@NullMarked
package io.zookit.samples.shop.run;

import org.jspecify.annotations.NullMarked;
