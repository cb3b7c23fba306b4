/**
 * Configuration for a cluster: numbered releases that never change, read as live values.
 *
 * <pre>{@code
 * ConfigStore store = ConfigStore.in(zk);
 * Namespace limits = Namespace.of("prod", "checkout", "limits");
 * try (LiveValue<Limits> live = store.bind(limits, Limits.class)) {     // a record; what does not bind is refused
 * whole
 *   Release stable = store.publish(limits, Content.properties("max-orders=200"), Change.by("ana").because("sale"));
 *   GrayRelease trial = store.gray(limits, content, Audience.percent(10), Change.by("ana"));
 *   trial.abandon(Change.by("ana"));                                   // or widen(...), promote(...)
 *   store.rollback(limits, stable.number(), Change.by("ana"));         // a new release with the old content
 * }
 * }</pre>
 *
 * <p>What is in force is one small document, the head. Every change is one compare-and-set of it together with what it
 * needs, so every client sees a change whole or not at all, and of two that change the same thing one receives a
 * conflict. Clients follow the head; a client's revisions never go back, not across reconnects and, with a folder for
 * snapshots, not across restarts.
 */
@NullMarked
package io.zookit.config;

import org.jspecify.annotations.NullMarked;
