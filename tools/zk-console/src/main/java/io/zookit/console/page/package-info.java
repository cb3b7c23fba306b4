/** The files of the web page. */
@NullMarked
package io.zookit.console.page;

import org.jspecify.annotations.NullMarked;
