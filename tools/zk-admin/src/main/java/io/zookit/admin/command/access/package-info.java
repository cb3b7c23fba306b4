/** {@code zookit access}: the access policy that is stored in ZooKeeper, and the lists of the nodes. */
@NullMarked
package io.zookit.admin.command.access;

import org.jspecify.annotations.NullMarked;
