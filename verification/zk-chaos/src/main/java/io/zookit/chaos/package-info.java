/**
 * The long run under faults: experiments on three server processes and real client JVMs, each with a control that must
 * fail, a count of the faults that landed, and a report.
 *
 * <p>Who lives here: {@link io.zookit.chaos.Chaos} runs experiments and writes the report. An experiment is
 * put together from a {@code Ground} (servers, and clients behind proxies), from {@code Disturbances} and from a program
 * that its clients run; a {@code Storm} causes the faults one after the other. What happened stands in a {@code Timeline},
 * what came of it in an {@code Outcome}.
 */
@NullMarked
package io.zookit.chaos;

import org.jspecify.annotations.NullMarked;
