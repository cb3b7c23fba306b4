@NullMarked
package io.zookit.registry.internal.selection;

import org.jspecify.annotations.NullMarked;
