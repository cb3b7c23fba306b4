@NullMarked
package io.zookit.samples.inventory;

import org.jspecify.annotations.NullMarked;
