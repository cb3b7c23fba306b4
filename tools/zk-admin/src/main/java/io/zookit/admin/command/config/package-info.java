/** {@code zookit config}: numbered releases and what changes them. */
@NullMarked
package io.zookit.admin.command.config;

import org.jspecify.annotations.NullMarked;
