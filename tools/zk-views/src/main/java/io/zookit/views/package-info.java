/**
 * JSON shapes of what the tools show: records of the public API with mix-ins, and records of their own where two sources are
 * joined. A shape that the command line writes with {@code -o json} is the same JSON here.
 *
 * <p>For Zookit's own tools: what is in this package may change with any version, the JSON only by additions.
 */
@NullMarked
package io.zookit.views;

import org.jspecify.annotations.NullMarked;
