@NullMarked
package io.zookit.samples.shop.http;

import org.jspecify.annotations.NullMarked;
