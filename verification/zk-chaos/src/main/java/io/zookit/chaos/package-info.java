/**
 * The long run under faults: experiments on three server processes and real client JVMs, each with a control that
 * must fail, a count of the faults that landed, and a report.
 *
 * <p>{@link io.zookit.chaos.ExperimentRunner} runs experiments and writes the report. Each experiment has a package of
 * its own with the program that its client processes run and the log that judges what they print. All of them stand on
 * {@code experiment} (the test bed of servers and clients behind proxies, the fault time line, the result), {@code fault}
 * (faults and what causes one after the other), {@code resource} (the fenced counter) and {@code control} (clients that
 * must fail).
 */
@NullMarked
package io.zookit.chaos;

import org.jspecify.annotations.NullMarked;
