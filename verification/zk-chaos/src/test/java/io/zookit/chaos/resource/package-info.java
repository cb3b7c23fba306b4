@NullMarked
package io.zookit.chaos.resource;

import org.jspecify.annotations.NullMarked;
