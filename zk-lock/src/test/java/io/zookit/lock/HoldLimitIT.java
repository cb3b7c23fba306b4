package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Owners that live and forget to close their leases. */
@Tag("full")
class HoldLimitIT {

  private static final Duration SHORT = Duration.ofMillis(200);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");
  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

  private DistributedLock limited(ZkClient client, UnaryOperator<DistributedLockBuilder> options) {
    DistributedLockBuilder builder = DistributedLock.builder("a", client)
        .holdAtMost(SHORT)
        .observer(new LockObserver() {
          @Override
          public void onLost(String lock, FencingToken token, String reason) {
            lost.add(reason);
          }
        });
    return options.apply(builder).build();
  }

  private void requireExpiry(UnaryOperator<DistributedLockBuilder> options) throws Exception {
    Lease forgotten = limited(one, options).acquire();
    CompletableFuture<LeaseState> heard = new CompletableFuture<>();
    forgotten.onLost(lease -> heard.complete(lease.state()));
    Lease next = limited(two, options).acquire(LockWorld.LONG);
    assertThat(forgotten.isValid()).isFalse();
    assertThat(forgotten.state()).isEqualTo(LeaseState.EXPIRED_HOLD);
    assertThat(next.token()).isGreaterThan(forgotten.token());
    assertThat(next.previousOwnerDied()).isFalse();
    assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(LeaseState.EXPIRED_HOLD);
    assertThat(lost.poll(30, TimeUnit.SECONDS))
        .isEqualTo("was held for PT0.2S, the longest that is allowed");
    assertThat(forgotten.released()).succeedsWithin(LockWorld.LONG);
    assertThatThrownBy(() -> forgotten.fenced().commit().get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(LockLostException.class);
    forgotten.close();
    assertThat(forgotten.state()).isEqualTo(LeaseState.EXPIRED_HOLD);
    next.close();
    world.awaitQueue("a", 0);
  }

  @Test
  void holdAtMost_forgottenLease_isReleasedAndTheNextGranted() throws Exception {
    requireExpiry(options -> options);
  }

  @Test
  void holdAtMost_forgottenRobustLease_leavesNoMarkOfADeath() throws Exception {
    requireExpiry(DistributedLockBuilder::robust);
  }

  @Test
  void holdAtMost_forgottenLeaseOfASharedPlace_isHandedOn() throws Exception {
    DistributedLock lock = limited(one, options -> options.localHandOff(10));
    Lease forgotten = lock.acquire();
    Lease next = lock.acquire(LockWorld.LONG);
    assertThat(forgotten.state()).isEqualTo(LeaseState.EXPIRED_HOLD);
    assertThat(next.token()).isGreaterThan(forgotten.token());
    assertThat(lost.poll(30, TimeUnit.SECONDS)).isNotNull();
    next.close();
    world.awaitQueue("a", 0);
  }

  @Test
  void holdAtMost_closedInTime_isReleasedAndNobodyHearsOfALoss() throws Exception {
    Lease held = limited(one, options -> options).acquire();
    held.close();
    Lease next = limited(one, options -> options).acquire();
    await().until(() -> next.state() == LeaseState.EXPIRED_HOLD); // the first limit is over, too
    assertThat(held.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(lost.poll(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(lost).isEmpty();
  }

  @Test
  void holdAtMost_javaLock_unlockTellsThatItWasLost() throws Exception {
    Lock lock = limited(one, options -> options).asJavaLock();
    lock.lock();
    assertThat(lost.poll(30, TimeUnit.SECONDS)).isNotNull();
    assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
  }

  @Test
  void holdAtMost_notPositive_isRefused() {
    assertThatThrownBy(() -> DistributedLock.builder("a", one).holdAtMost(Duration.ZERO))
        .hasMessage("holdAtMost: PT0S (expected: more than zero)");
  }
}
