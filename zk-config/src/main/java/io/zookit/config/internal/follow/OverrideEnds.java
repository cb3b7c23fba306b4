package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The times at which the local overrides in force end, one for each namespace at most.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class OverrideEnds {

  private final CoreClient client;
  private final Scope all;
  private final Map<Namespace, Scope> ends = new HashMap<>();

  OverrideEnds(CoreClient client) {
    this.client = client;
    this.all = Scope.root(client.loop(), client.timekeeper());
  }

  /** Awaits the end of the override of a namespace, in place of the one awaited before. */
  void await(Namespace ns, Instant until, Runnable ended) {
    forget(ns);
    Scope end = all.child();
    ends.put(ns, end);
    Duration left = Duration.between(client.timekeeper().now(), until);
    end.after(left.isNegative() ? Duration.ZERO : left, ended);
  }

  /** Awaits the end of a namespace's override no longer. */
  void forget(Namespace ns) {
    Scope end = ends.remove(ns);
    if (end != null) {
      end.close();
    }
  }

  /** Awaits nothing any more. */
  void close() {
    all.close();
  }
}
