/** {@code zookit config gray}: gray releases. */
@NullMarked
package io.zookit.admin.command.config.gray;

import org.jspecify.annotations.NullMarked;
