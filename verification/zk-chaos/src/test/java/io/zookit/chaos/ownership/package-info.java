@NullMarked
package io.zookit.chaos.ownership;

import org.jspecify.annotations.NullMarked;
