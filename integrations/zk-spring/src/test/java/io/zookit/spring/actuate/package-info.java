/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.actuate;

import org.jspecify.annotations.NullMarked;
