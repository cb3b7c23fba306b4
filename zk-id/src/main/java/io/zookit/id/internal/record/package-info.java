/** Records of names: what they hold, how they are read, and the transitions that fence older requests. */
@NullMarked
package io.zookit.id.internal.record;

import org.jspecify.annotations.NullMarked;
