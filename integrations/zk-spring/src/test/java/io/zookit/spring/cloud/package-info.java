/** Tests, run in both starters, with Spring Cloud on the class path. */
@NullMarked
package io.zookit.spring.cloud;

import org.jspecify.annotations.NullMarked;
