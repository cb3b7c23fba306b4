/**
 * Membership of a group, and ownership of its partitions: each partition is run by one member at a time, and what an older
 * owner still does is refused.
 *
 * <pre>{@code
 * Group group = Group.named("indexers", zk);
 * try (Membership me = group.join(Member.id("n1"));
 *     Ownership mine = me.own(Partitions.of(256), partition -> run(partition), Handover.drain(Duration.ofSeconds(10)))) {
 *   ...
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.zookit.group.Group}: joins and follows a group
 *   <li>{@link io.zookit.group.Membership}, {@link io.zookit.group.Ownership}: what this process has
 *   <li>{@link io.zookit.group.Partition}: one partition, for its handler: token, validity, fenced writes
 *   <li>{@link io.zookit.group.GroupView}: which member is to own which partition, to route by key
 * </ul>
 *
 * <p>Two processes can both <i>believe</i> that they own a partition, for example after one was stopped for longer than its
 * session. Only {@link io.zookit.group.Partition#token()}, checked by the resource at the first touch, or {@link
 * io.zookit.group.Partition#fenced()} makes what the older one does harmless.
 */
@NullMarked
package io.zookit.group;

import org.jspecify.annotations.NullMarked;
