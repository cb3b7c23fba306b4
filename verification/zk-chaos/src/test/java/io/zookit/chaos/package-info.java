@NullMarked
package io.zookit.chaos;

import org.jspecify.annotations.NullMarked;
