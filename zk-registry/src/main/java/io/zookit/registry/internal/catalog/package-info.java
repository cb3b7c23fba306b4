/** The overview of all services of a root: one follower for a client, however many views of it are open. */
@NullMarked
package io.zookit.registry.internal.catalog;

import org.jspecify.annotations.NullMarked;
