@NullMarked
package io.zookit.chaos.registry;

import org.jspecify.annotations.NullMarked;
