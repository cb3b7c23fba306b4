/** State shared by the registrations and views of a client: its session, meters, observers and options. */
@NullMarked
package io.zookit.registry.internal.runtime;

import org.jspecify.annotations.NullMarked;
