/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring;

import org.jspecify.annotations.NullMarked;
