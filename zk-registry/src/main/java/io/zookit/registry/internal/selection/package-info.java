/** Pure rules that decide which instances of a service are shown and may be chosen. */
@NullMarked
package io.zookit.registry.internal.selection;

import org.jspecify.annotations.NullMarked;
