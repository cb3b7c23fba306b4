/** Ids of time, slot and number: the slot of a process, its windows of ticks, and the ids out of them. */
@NullMarked
package io.zookit.id.internal.snowflake;

import org.jspecify.annotations.NullMarked;
