/** What tests take from the machine and the JVM: ports, folders, properties, waits, the log. */
@NullMarked
package io.zookit.testkit.internal.host;

import org.jspecify.annotations.NullMarked;
