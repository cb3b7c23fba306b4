/** Ports, folders, system properties, waits and the log that tests take from the machine and the JVM. */
@NullMarked
package io.zookit.testkit.internal.host;

import org.jspecify.annotations.NullMarked;
