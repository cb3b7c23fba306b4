/** {@code zookit incarnation}: what an operator says after data was lost or restored. */
@NullMarked
package io.zookit.admin.command.incarnation;

import org.jspecify.annotations.NullMarked;
