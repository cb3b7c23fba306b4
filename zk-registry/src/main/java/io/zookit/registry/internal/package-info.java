/** The registry of a client: wires providers, consumers and upkeep to its session. */
@NullMarked
package io.zookit.registry.internal;

import org.jspecify.annotations.NullMarked;
