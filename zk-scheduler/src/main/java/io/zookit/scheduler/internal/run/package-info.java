/** Runs of this process: their code, their progress and their ends. */
@NullMarked
package io.zookit.scheduler.internal.run;

import org.jspecify.annotations.NullMarked;
