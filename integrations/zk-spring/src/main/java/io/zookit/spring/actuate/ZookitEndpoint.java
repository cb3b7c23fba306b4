package io.zookit.spring.actuate;

import io.zookit.core.SessionView;
import io.zookit.core.ZkClient;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The endpoint {@code zookit}: the session of the application. */
@Endpoint(id = "zookit")
public final class ZookitEndpoint {

  private final ZkClient client;

  ZookitEndpoint(ZkClient client) {
    this.client = client;
  }

  /**
   * The session.
   *
   * @param root the path that everything is below
   * @param session the state of the session
   * @param remaining the time until its deadline, in milliseconds
   * @param timeout the negotiated session timeout, in milliseconds
   * @param suspicion why the data is suspected to be wiped or restored; empty while it is trusted
   */
  public record SessionReport(
      String root, String session, long remaining, long timeout, String suspicion) {}

  /** Reports the session as far as it is known without a request. */
  @ReadOperation
  public SessionReport session() {
    SessionView view = client.session();
    return new SessionReport(
        client.root(),
        view.state().name(),
        view.remaining().toMillis(),
        view.timeout().toMillis(),
        client.suspicion().map(Object::toString).orElse(""));
  }
}
