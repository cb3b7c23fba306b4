@NullMarked
package io.zookit.config.secret;

import org.jspecify.annotations.NullMarked;
