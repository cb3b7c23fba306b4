/** Tests. */
@NullMarked
package io.zookit.group;

import org.jspecify.annotations.NullMarked;
