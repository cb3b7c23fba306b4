/** {@code zookit id}: names of ids. */
@NullMarked
package io.zookit.admin.command.id;

import org.jspecify.annotations.NullMarked;
