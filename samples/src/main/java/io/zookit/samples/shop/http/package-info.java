/** Requests between services: a small server, and a caller that finds its server in the registry. */
@NullMarked
package io.zookit.samples.shop.http;

import org.jspecify.annotations.NullMarked;
