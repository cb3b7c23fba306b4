package io.zookit.core.internal.client;

import io.zookit.core.AuthenticatedIdentity;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ClientInfo;

/**
 * Queries a server for the identities that a connection is authenticated as.
 *
 * <p>The client library has this request only in a form that blocks without a limit, so it runs on a thread of its own
 * and is interrupted when it is closed.
 */
final class IdentityQuery implements AutoCloseable {

  private final ZooKeeper zooKeeper;
  private final CompletableFuture<Optional<List<AuthenticatedIdentity>>> answer =
      new CompletableFuture<>();
  private final FutureTask<Void> asking = new FutureTask<>(this::ask, null);

  private IdentityQuery(ZooKeeper zooKeeper) {
    this.zooKeeper = zooKeeper;
  }

  static IdentityQuery start(ZooKeeper zooKeeper, Executor executor) {
    IdentityQuery query = new IdentityQuery(zooKeeper);
    executor.execute(query.asking);
    return query;
  }

  /** The identities; empty if the connection broke before the answer. */
  CompletableFuture<Optional<List<AuthenticatedIdentity>>> answer() {
    return answer;
  }

  private void ask() {
    try {
      List<ClientInfo> infos = zooKeeper.whoAmI(); // null when the connection is lost
      answer.complete(Optional.ofNullable(infos).map(IdentityQuery::identities));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.complete(Optional.empty());
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Without addresses, which are not authenticated, and marks without a name, such as that of the super user. */
  private static List<AuthenticatedIdentity> identities(List<ClientInfo> infos) {
    return infos.stream()
        .filter(info -> !info.getAuthScheme().equals("ip") && !info.getUser().isEmpty())
        .map(info -> new AuthenticatedIdentity(info.getAuthScheme(), info.getUser()))
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    asking.cancel(true);
  }
}
