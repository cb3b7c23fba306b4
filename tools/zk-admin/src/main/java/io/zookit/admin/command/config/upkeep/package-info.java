/** {@code zookit config gc}, {@code backup} and {@code restore}. */
@NullMarked
package io.zookit.admin.command.config.upkeep;

import org.jspecify.annotations.NullMarked;
