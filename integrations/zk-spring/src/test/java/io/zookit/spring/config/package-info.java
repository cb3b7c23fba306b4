/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.config;

import org.jspecify.annotations.NullMarked;
