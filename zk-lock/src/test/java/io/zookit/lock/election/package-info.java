@NullMarked
package io.zookit.lock.election;

import org.jspecify.annotations.NullMarked;
