/** {@code zookit config ns}: namespaces and their heads. */
@NullMarked
package io.zookit.admin.command.config.ns;

import org.jspecify.annotations.NullMarked;
