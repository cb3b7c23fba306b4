/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.lock;

import org.jspecify.annotations.NullMarked;
