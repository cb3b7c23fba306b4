package io.zookit.boot4;

import io.zookit.core.SessionState;
import io.zookit.core.SessionView;
import io.zookit.core.ZkClient;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** The health of the session, from memory: DOWN when it was without a server for a whole session timeout. */
final class Boot4HealthIndicator extends AbstractHealthIndicator {

  private final ZkClient client;

  Boot4HealthIndicator(ZkClient client) {
    this.client = client;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    SessionView session = client.session();
    Health.Builder state = session.state() == SessionState.LOST ? builder.down() : builder.up();
    state
        .withDetail("session", session.state().name())
        .withDetail("remaining", session.remaining().toMillis() + " ms")
        .withDetail("root", client.root());
  }
}
