/** Calls of services by name with the HTTP client of the JDK. */
@NullMarked
package io.zookit.registry.http;

import org.jspecify.annotations.NullMarked;
