@NullMarked
package io.zookit.samples.shop;

import org.jspecify.annotations.NullMarked;
