/** Methods that the cluster runs on a schedule, and methods that are called while the application leads. */
@NullMarked
package io.zookit.spring.job;

import org.jspecify.annotations.NullMarked;
