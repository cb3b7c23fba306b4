/** Paths of nodes and the rules for names in them. */
@NullMarked
package io.zookit.core.internal.path;

import org.jspecify.annotations.NullMarked;
