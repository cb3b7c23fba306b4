/** The client: settings, addresses, security and the connection; wires the other packages together. */
@NullMarked
package io.zookit.core.internal.client;

import org.jspecify.annotations.NullMarked;
