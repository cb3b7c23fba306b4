/** Access lists: the stored policy, and the list of each node. */
@NullMarked
package io.zookit.core.internal.access;

import org.jspecify.annotations.NullMarked;
