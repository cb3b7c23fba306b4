@NullMarked
package io.zookit.chaos.restore;

import org.jspecify.annotations.NullMarked;
