/** The history of a namespace: its releases, its changes, and their verification. */
@NullMarked
package io.zookit.config.internal.history;

import org.jspecify.annotations.NullMarked;
