/** The frame of an experiment: its test bed of servers and client processes, the event log, the fault time line and the result. */
@NullMarked
package io.zookit.chaos.experiment;

import org.jspecify.annotations.NullMarked;
