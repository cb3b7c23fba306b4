/** The experiment on the slots of a clustered job. */
@NullMarked
package io.zookit.chaos.scheduler;

import org.jspecify.annotations.NullMarked;
