/** The store, which creates its parts. */
@NullMarked
package io.zookit.config.internal;

import org.jspecify.annotations.NullMarked;
