/** Views of a group, and its changes by operators. */
@NullMarked
package io.zookit.group.internal.inspect;

import org.jspecify.annotations.NullMarked;
