@NullMarked
package io.zookit.chaos.id;

import org.jspecify.annotations.NullMarked;
