/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.internal.start;

import org.jspecify.annotations.NullMarked;
