/** Files that a process keeps for its next start. */
@NullMarked
package io.zookit.core.internal.file;

import org.jspecify.annotations.NullMarked;
