/** The command line from its user's point of view. */
@NullMarked
package io.zookit.admin;

import org.jspecify.annotations.NullMarked;
