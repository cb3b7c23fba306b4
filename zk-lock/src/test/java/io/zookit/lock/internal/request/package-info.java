@NullMarked
package io.zookit.lock.internal.request;

import org.jspecify.annotations.NullMarked;
