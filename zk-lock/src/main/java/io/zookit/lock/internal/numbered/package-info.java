/** Requests for any free one of several numbers: the numbers in a queue, claims, and the turn of those that wait. */
@NullMarked
package io.zookit.lock.internal.numbered;

import org.jspecify.annotations.NullMarked;
