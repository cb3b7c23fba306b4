@NullMarked
package io.zookit.config.internal.follow;

import org.jspecify.annotations.NullMarked;
