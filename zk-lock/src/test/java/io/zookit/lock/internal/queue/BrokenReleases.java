package io.zookit.lock.internal.queue;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionNotExecuted;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionOutcome;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionUnanswered;
import io.zookit.lock.internal.request.Mutation;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** A delay of releases that is wrong on purpose. */
public final class BrokenReleases extends DelayedReleases {

  private final Mutation mutation;

  private BrokenReleases(CoreClient client, KnownQueues knownQueues, Mutation mutation) {
    super(client, knownQueues);
    this.mutation = mutation;
  }

  /** Creates the delay of releases of a client, with this mutation if it is one of a delayed release. */
  public static DelayedReleases of(CoreClient client, KnownQueues knownQueues, Mutation mutation) {
    return mutation.name().startsWith("RELEASE")
        ? new BrokenReleases(client, knownQueues, mutation)
        : new DelayedReleases(client, knownQueues);
  }

  @Override
  void onDelayOver(ZkPath queue, DelayedDelete release) {
    if (mutation != Mutation.RELEASE_WITHOUT_END_OF_DELAY) {
      super.onDelayOver(queue, release);
    }
  }

  @Override
  void sendWith(DelayedDelete release, GuaranteedDeletes.Companion request) {
    super.sendWith(release, new GuaranteedDeletes.Companion() {
      @Override
      public List<Op> operations() {
        return request.operations();
      }

      @Override
      public void onOutcome(CompanionOutcome outcome) {
        if (mutation == Mutation.RELEASE_WITH_UNANSWERED_CREATE_REPEATED
            && outcome instanceof CompanionUnanswered) {
          request.onOutcome(new CompanionNotExecuted(-1, Code.CONNECTIONLOSS));
        } else if (mutation != Mutation.RELEASE_WITH_REFUSED_CREATE_FORGOTTEN
            || !(outcome instanceof CompanionNotExecuted)) {
          request.onOutcome(outcome);
        }
      }
    });
  }
}
