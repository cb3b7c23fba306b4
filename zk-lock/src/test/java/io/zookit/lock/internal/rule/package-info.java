@NullMarked
package io.zookit.lock.internal.rule;

import org.jspecify.annotations.NullMarked;
