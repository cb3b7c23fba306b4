/** The endpoints of the HTTP API, one class a resource. */
@NullMarked
package io.zookit.console.resource;

import org.jspecify.annotations.NullMarked;
