/** Observations of what the cluster makes an application wait for, or run. */
@NullMarked
package io.zookit.spring.internal.observe;

import org.jspecify.annotations.NullMarked;
