/** What operators say of a service: who is disabled, who takes more or less, and where a part of the calls goes. */
@NullMarked
package io.zookit.registry.policy;

import org.jspecify.annotations.NullMarked;
