/** One session a role, and the views that all requests of a role share. */
@NullMarked
package io.zookit.console.follow;

import org.jspecify.annotations.NullMarked;
