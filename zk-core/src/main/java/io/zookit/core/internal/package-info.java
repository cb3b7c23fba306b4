/**
 * Internals of zk-core, for the sibling modules of Zookit only; may change in any release.
 *
 * <p>{@code client} wires the others together: {@code session} (one session and the requests sent through it), {@code
 * lineage} (the incarnation and the history of the data), {@code access} (access lists), {@code request} (requests that
 * are repeated until answered), {@code node} (paths and owned nodes), {@code codec} (the bytes of a node) and {@code lane}
 * (the order of callbacks).
 */
@NullMarked
package io.zookit.core.internal;

import org.jspecify.annotations.NullMarked;
