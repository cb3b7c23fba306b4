/** The program behind {@code zookit console}: an HTTP API and a web page over the public API. */
@NullMarked
package io.zookit.console;

import org.jspecify.annotations.NullMarked;
