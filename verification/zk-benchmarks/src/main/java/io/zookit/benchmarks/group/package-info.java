/** Rows of groups, next to members that share partitions in the textbook way on Curator. */
@NullMarked
package io.zookit.benchmarks.group;

import org.jspecify.annotations.NullMarked;
