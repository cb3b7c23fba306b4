/** Tests. */
@NullMarked
package io.zookit.openfeature;

import org.jspecify.annotations.NullMarked;
