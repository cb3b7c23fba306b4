/**
 * Locks by annotation, with the lock outside the transaction and the fencing token checked inside it.
 *
 * <pre>
 *   call ──► lock ──► transaction ──► fence ──► method ──► commit ──► release
 * </pre>
 */
@NullMarked
package io.zookit.spring.lock;

import org.jspecify.annotations.NullMarked;
