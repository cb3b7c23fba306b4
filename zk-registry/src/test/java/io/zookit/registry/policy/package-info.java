@NullMarked
package io.zookit.registry.policy;

import org.jspecify.annotations.NullMarked;
