@NullMarked
package io.zookit.samples;

import org.jspecify.annotations.NullMarked;
