/** Tests. */
@NullMarked
package io.zookit.group.internal.store;

import org.jspecify.annotations.NullMarked;
