/**
 * The long run under faults: experiments on three server processes and real client JVMs, each with a control that
 * must fail, a count of the faults that landed, and a report.
 *
 * <p>{@link io.zookit.chaos.Chaos} runs experiments and writes the report. An experiment consists of a {@code Ground}
 * (servers, and clients behind proxies), {@code Disturbances} and a program that its clients run; a {@code Storm}
 * causes the faults one after the other. The faults are recorded in a {@code Timeline}, the result in an {@code
 * Outcome}.
 */
@NullMarked
package io.zookit.chaos;

import org.jspecify.annotations.NullMarked;
