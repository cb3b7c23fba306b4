/** What outsiders can do, and what damaged data and other servers do, to all modules together. */
@NullMarked
package io.zookit.samples.security;

import org.jspecify.annotations.NullMarked;
