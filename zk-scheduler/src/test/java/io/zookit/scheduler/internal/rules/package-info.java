@NullMarked
package io.zookit.scheduler.internal.rules;

import org.jspecify.annotations.NullMarked;
