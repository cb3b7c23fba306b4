/** Operations across namespaces: comparing, copying, searching, and the audit of all. */
@NullMarked
package io.zookit.config.internal.environment;

import org.jspecify.annotations.NullMarked;
