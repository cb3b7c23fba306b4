/** The server: order of checks, routes, errors, long polls and event streams. */
@NullMarked
package io.zookit.console.http;

import org.jspecify.annotations.NullMarked;
