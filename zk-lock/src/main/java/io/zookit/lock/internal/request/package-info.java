/** The life of a lock request, from the call to the release. */
@NullMarked
package io.zookit.lock.internal.request;

import org.jspecify.annotations.NullMarked;
