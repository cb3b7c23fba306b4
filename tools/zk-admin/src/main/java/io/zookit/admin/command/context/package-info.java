/** {@code zookit context}: connections under names, in a file of the user. */
@NullMarked
package io.zookit.admin.command.context;

import org.jspecify.annotations.NullMarked;
