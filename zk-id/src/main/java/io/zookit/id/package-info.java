/**
 * Ids that no two processes ever hand out both, whatever becomes of processes, sessions and clocks.
 *
 * <pre>{@code
 * Sequence invoices = Sequence.named("invoice", zk).createFrom(1);
 * long number = invoices.next();
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.zookit.id.Sequence}: numbers that increase over all processes, one write each
 *   <li>{@link io.zookit.id.Segments}: numbers that increase within a process, one write for many
 *   <li>{@link io.zookit.id.Snowflake}: ids out of the process's own memory, which grow with the time
 *   <li>{@link io.zookit.id.OrderNumber}: a date, a number of a sequence and a check digit
 *   <li>{@link io.zookit.id.Codes}: numbers as short codes that cannot be guessed and are checked without storage
 *   <li>{@link io.zookit.id.Counter}: a count over all processes, without conflicts
 *   <li>{@link io.zookit.id.SharedValue}: a value that processes change one after the other
 * </ul>
 *
 * <p>Ids are never handed out twice; <b>they are not dense</b>: a crash or a lost answer skips some. What a process remembers
 * shows it data that were restored from an older copy or wiped; the name is then blocked until an operator raises it with
 * {@link io.zookit.id.IdInspector}.
 */
@NullMarked
package io.zookit.id;

import org.jspecify.annotations.NullMarked;
