/**
 * Fair locks over a cluster, with a fencing token for every grant.
 *
 * <p>Take a {@link io.zookit.lock.DistributedLock} by its name, acquire it, and hand the token of the {@link
 * io.zookit.lock.Lease} to whatever the lock protects:
 *
 * <pre>{@code
 * DistributedLock lock = DistributedLock.named("stock/sku-42", zk);
 * try (Lease lease = lock.acquire(Duration.ofSeconds(5))) {
 *   inventory.reserve("sku-42", 1, lease.token());
 * }
 * }</pre>
 *
 * <p>Grants follow the queue in ZooKeeper, first come, first served, over all processes. <b>Two processes can both
 * believe that they hold a lock</b>: one that was stopped or cut off longer than its session does not know yet that it
 * lost it. {@link io.zookit.lock.Lease#isValid} sees that from the first instruction after a pause, but only a resource
 * that checks the token, when it is read <i>and</i> when it is written, is safe; {@code io.zookit.core.fence} does that
 * for databases and memory.
 */
@NullMarked
package io.zookit.lock;

import org.jspecify.annotations.NullMarked;
