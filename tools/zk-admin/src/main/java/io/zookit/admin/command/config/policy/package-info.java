/** {@code zookit config policy}: rules of a namespace. */
@NullMarked
package io.zookit.admin.command.config.policy;

import org.jspecify.annotations.NullMarked;
