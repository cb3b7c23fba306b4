@NullMarked
package io.zookit.samples.process;

import org.jspecify.annotations.NullMarked;
