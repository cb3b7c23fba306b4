/** The member: its node, its place among those that plan, and the partitions that it claims, runs and releases. */
@NullMarked
package io.zookit.group.internal.member;

import org.jspecify.annotations.NullMarked;
