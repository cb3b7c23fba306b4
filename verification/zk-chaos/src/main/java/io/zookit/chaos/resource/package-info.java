/** The resource that a lock or a job guards, a fenced counter, and faults that hit a client between its read and its write. */
@NullMarked
package io.zookit.chaos.resource;

import org.jspecify.annotations.NullMarked;
