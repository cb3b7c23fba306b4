@NullMarked
package io.zookit.chaos.boundary;

import org.jspecify.annotations.NullMarked;
