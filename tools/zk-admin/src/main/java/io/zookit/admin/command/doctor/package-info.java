/** {@code zookit doctor}: what is wrong with a connection. */
@NullMarked
package io.zookit.admin.command.doctor;

import org.jspecify.annotations.NullMarked;
