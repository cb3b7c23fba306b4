@NullMarked
package io.zookit.config.internal.publish;

import org.jspecify.annotations.NullMarked;
