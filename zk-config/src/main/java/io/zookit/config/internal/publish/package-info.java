/** Making contents stable: releases, gray releases, and the votes of instances on them. */
@NullMarked
package io.zookit.config.internal.publish;

import org.jspecify.annotations.NullMarked;
