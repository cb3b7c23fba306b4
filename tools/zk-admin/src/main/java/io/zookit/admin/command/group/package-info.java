/** {@code zookit group}: groups of processes that share partitions. */
@NullMarked
package io.zookit.admin.command.group;

import org.jspecify.annotations.NullMarked;
