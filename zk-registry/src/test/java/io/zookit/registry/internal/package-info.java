@NullMarked
package io.zookit.registry.internal;

import org.jspecify.annotations.NullMarked;
