/** {@code zookit config keys}: data keys of secrets. */
@NullMarked
package io.zookit.admin.command.config.keys;

import org.jspecify.annotations.NullMarked;
