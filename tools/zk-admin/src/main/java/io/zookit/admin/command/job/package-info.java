/** {@code zookit job}: the jobs of a cluster, from outside. */
@NullMarked
package io.zookit.admin.command.job;

import org.jspecify.annotations.NullMarked;
