/** The session in use, the requests sent through it, and what becomes of sessions that were dropped. */
@NullMarked
package io.zookit.core.internal.session;

import org.jspecify.annotations.NullMarked;
