/** Experiment on the partitions of a group: nothing of an older owner is accepted after a newer one. */
@NullMarked
package io.zookit.chaos.ownership;

import org.jspecify.annotations.NullMarked;
