@NullMarked
package io.zookit.config.bind;

import org.jspecify.annotations.NullMarked;
