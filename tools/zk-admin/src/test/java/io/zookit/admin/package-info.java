/** The command line as whoever types it sees it. */
@NullMarked
package io.zookit.admin;

import org.jspecify.annotations.NullMarked;
