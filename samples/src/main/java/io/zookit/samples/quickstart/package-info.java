/**
 * Quick starts: one file each, read from top to bottom, with public API only. {@code zookit sample} lists and runs them.
 *
 * <p>Each takes a connect string, or starts a ZooKeeper server of its own without one. It prints what happens, and fails if
 * that is not what it was to show.
 */
@NullMarked
package io.zookit.samples.quickstart;

import org.jspecify.annotations.NullMarked;
