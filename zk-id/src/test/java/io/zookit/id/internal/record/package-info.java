/** Tests. */
@NullMarked
package io.zookit.id.internal.record;

import org.jspecify.annotations.NullMarked;
