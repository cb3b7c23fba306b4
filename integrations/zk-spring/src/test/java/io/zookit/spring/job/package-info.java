/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.job;

import org.jspecify.annotations.NullMarked;
