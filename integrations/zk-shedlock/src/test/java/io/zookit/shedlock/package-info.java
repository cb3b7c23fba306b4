/** Tests. */
@NullMarked
package io.zookit.shedlock;

import org.jspecify.annotations.NullMarked;
