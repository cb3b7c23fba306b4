/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.internal.observe;

import org.jspecify.annotations.NullMarked;
