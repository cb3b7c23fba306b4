@NullMarked
package io.zookit.chaos.recovery;

import org.jspecify.annotations.NullMarked;
