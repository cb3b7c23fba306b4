/** Operators' policy of a service: disabled instances, changed weights, and routes for a part of the calls. */
@NullMarked
package io.zookit.registry.policy;

import org.jspecify.annotations.NullMarked;
