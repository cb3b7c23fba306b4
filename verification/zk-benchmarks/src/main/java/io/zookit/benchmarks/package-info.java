/**
 * Side-by-side benchmarks: each row measures a peer and Zookit in one go, interleaved, each in a JVM of its own, against
 * ZooKeeper servers that are processes of their own with fsync on.
 */
@NullMarked
package io.zookit.benchmarks;

import org.jspecify.annotations.NullMarked;
