/** Tests. */
@NullMarked
package io.zookit.id.internal.sequence;

import org.jspecify.annotations.NullMarked;
