@NullMarked
package io.zookit.config.gray;

import org.jspecify.annotations.NullMarked;
