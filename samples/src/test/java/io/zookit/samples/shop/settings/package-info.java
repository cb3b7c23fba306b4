@NullMarked
package io.zookit.samples.shop.settings;

import org.jspecify.annotations.NullMarked;
