/** Tests of all modules together against outsiders, damaged data and other servers. */
@NullMarked
package io.zookit.samples.security;

import org.jspecify.annotations.NullMarked;
