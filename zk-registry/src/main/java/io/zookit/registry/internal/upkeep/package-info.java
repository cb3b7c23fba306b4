/** Blocking calls for operators: listings, policies, removal of stale entries. */
@NullMarked
package io.zookit.registry.internal.upkeep;

import org.jspecify.annotations.NullMarked;
