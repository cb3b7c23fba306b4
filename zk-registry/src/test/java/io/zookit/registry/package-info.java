@NullMarked
package io.zookit.registry;

import org.jspecify.annotations.NullMarked;
