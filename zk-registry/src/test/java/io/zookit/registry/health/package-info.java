@NullMarked
package io.zookit.registry.health;

import org.jspecify.annotations.NullMarked;
