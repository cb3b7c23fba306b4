/** The files of the history of runs. */
@NullMarked
package io.zookit.scheduler.internal.history;

import org.jspecify.annotations.NullMarked;
