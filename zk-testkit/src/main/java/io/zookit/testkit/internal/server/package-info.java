/** Servers in this process and in processes of their own. */
@NullMarked
package io.zookit.testkit.internal.server;

import org.jspecify.annotations.NullMarked;
