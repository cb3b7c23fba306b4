/** Authentication of requests: login links, bearer tokens, sealed sessions. */
@NullMarked
package io.zookit.console.auth;

import org.jspecify.annotations.NullMarked;
