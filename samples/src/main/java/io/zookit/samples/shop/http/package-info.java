/** Requests between services: a small server, and a client that finds servers in the registry. */
@NullMarked
package io.zookit.samples.shop.http;

import org.jspecify.annotations.NullMarked;
