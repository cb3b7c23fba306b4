package io.zookit.registry.internal.upkeep;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.policy.ServicePolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy of one service as a live value. A policy that cannot be read leaves the last one, which is stale then.
 *
 * <p><i>Threads:</i> used on the loop, except for {@link #open}.
 */
final class PolicyFollower implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(PolicyFollower.class);

  private final CoreClient client;
  private final ServicePaths place;
  private final LiveCell<ServicePolicy> value;
  private @Nullable NodeFollower<Node> node;
  private @Nullable Subscription sessions;

  private PolicyFollower(CoreClient client, ServicePaths place) {
    this.client = client;
    this.place = place;
    this.value = new LiveCell<>(
        "policy of service " + place.service(),
        client.timekeeper(),
        () -> client.lane("listener of the policy of " + place.service()),
        () -> client.loop().execute(this::end));
  }

  /** Follows a policy until the value is closed. From any thread. */
  static LiveValue<ServicePolicy> open(CoreClient client, ServicePaths place) {
    PolicyFollower follower = new PolicyFollower(client, place);
    client.loop().execute(follower::start);
    return follower.value;
  }

  private void start() {
    node = NodeFollower.ofUnsharedData(client, place.policy(), this::onRead);
    sessions = client.onSessions(this);
  }

  private void end() {
    if (node != null) {
      node.close();
    }
    if (sessions != null) {
      sessions.close();
    }
  }

  @Override
  public void onConnected(SessionHandle handle) {
    if (node != null) {
      node.onConnected(handle);
    }
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    value.toStale();
  }

  @Override
  public void onLost(SessionHandle handle) {
    if (node != null) {
      node.onLost(handle);
    }
  }

  private void onRead(Answer<Node> read) {
    try {
      ServicePolicy policy = ZkPolicyStore.policyIn(place, read);
      if (value.latest().filter(policy::equals).isPresent()) {
        value.toLive();
      } else {
        value.set(policy);
      }
    } catch (ZkException e) {
      log.warn("{}", e.getMessage());
      value.toStale();
    }
  }
}
