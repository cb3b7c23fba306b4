/** Experiment on ids: no two processes hand out the same one. */
@NullMarked
package io.zookit.chaos.id;

import org.jspecify.annotations.NullMarked;
