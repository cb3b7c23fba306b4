@NullMarked
package io.zookit.config.format;

import org.jspecify.annotations.NullMarked;
