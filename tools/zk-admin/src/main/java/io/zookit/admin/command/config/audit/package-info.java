/** {@code zookit config audit}: the changes of the configuration and their authors. */
@NullMarked
package io.zookit.admin.command.config.audit;

import org.jspecify.annotations.NullMarked;
