/** Faults of servers, processes and networks, and the injector that causes one after the other. */
@NullMarked
package io.zookit.chaos.fault;

import org.jspecify.annotations.NullMarked;
