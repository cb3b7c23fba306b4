/** The audit of changes that operators make: one chain of entries for each day, written in the transaction of the change. */
@NullMarked
package io.zookit.core.internal.audit;

import org.jspecify.annotations.NullMarked;
