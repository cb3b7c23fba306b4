@NullMarked
package io.zookit.registry.internal.provider;

import org.jspecify.annotations.NullMarked;
