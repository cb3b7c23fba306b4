package io.zookit.config.internal.zk;

import io.zookit.config.internal.model.Signer;
import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The identities that servers authenticated this client as. The credentials of a client do not change, so they are
 * queried once.
 */
public final class CallerIdentity {

  private final CoreClient client;
  private final RepeatedCalls calls;
  private volatile @Nullable List<String> known;

  CallerIdentity(CoreClient client, RepeatedCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  /**
   * A person of that name at this connection.
   *
   * @throws ZkUnavailableException if ZooKeeper does not answer in time; nothing was changed
   */
  public Signer sign(String label) throws InterruptedException {
    return new Signer(label, identities());
  }

  /** The identities if they were asked for before. */
  public Optional<List<String>> known() {
    return Optional.ofNullable(known);
  }

  private List<String> identities() throws InterruptedException {
    List<String> before = known;
    if (before != null) {
      return before;
    }
    long deadline = calls.deadline();
    for (int failures = 0; ; failures++) {
      try {
        List<String> asked = client.authenticatedAs().stream()
            .map(AuthenticatedIdentity::toString)
            .toList();
        known = asked;
        return asked;
      } catch (ZkUnavailableException e) {
        if (calls.isOver(deadline)) {
          throw e;
        }
        calls.pauseAfter(failures);
      }
    }
  }
}
