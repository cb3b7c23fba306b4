/** Requests that are repeated until answered, and how failures are reported. */
@NullMarked
package io.zookit.core.internal.request;

import org.jspecify.annotations.NullMarked;
