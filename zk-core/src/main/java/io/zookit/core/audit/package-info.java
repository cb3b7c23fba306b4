/**
 * The audit of a root: which operator changed what, entered in the transaction of each change.
 *
 * <pre>{@code
 * AuditLog audit = AuditLog.in(client);
 * for (AuditEntry entry : audit.newest(20)) {
 *   System.out.println(entry);
 * }
 * if (!audit.verify().isIntact()) {
 *   alarm();
 * }
 * }</pre>
 */
@NullMarked
package io.zookit.core.audit;

import org.jspecify.annotations.NullMarked;
