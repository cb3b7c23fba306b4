/** Following for consoles: the states of all namespaces, and the statuses of the instances of one. */
@NullMarked
package io.zookit.config.internal.overview;

import org.jspecify.annotations.NullMarked;
