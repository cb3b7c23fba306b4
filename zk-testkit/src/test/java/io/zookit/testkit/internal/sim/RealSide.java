package io.zookit.testkit.internal.sim;

import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A real server in a conformance test, with plain ZooKeeper handles, each behind a proxy of its own. */
final class RealSide implements ConformanceSide {

  private static final int PATIENCE_SECONDS = 60;

  private final ZkServer server;
  private final List<PlainSession> sessions = new ArrayList<>();
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final ConformanceFormat format = new ConformanceFormat();

  RealSide(ZkServer server) {
    this.server = server;
  }

  @Override
  public void open() {
    FaultProxy proxy = FaultProxy.to(server);
    PlainSession session = PlainSession.connect(proxy.connectString(), PATIENCE_SECONDS);
    format.session(sessions.size(), session.id());
    proxies.add(proxy);
    sessions.add(session);
  }

  @Override
  public ConformanceFormat format() {
    return format;
  }

  @Override
  public String perform(int session, Action action) {
    CompletableFuture<String> reply = new CompletableFuture<>();
    action.on(sessions.get(session), reply::complete);
    try {
      return reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public List<String> takeEvents(int session) {
    return format.takeEvents(session);
  }

  @Override
  public void close(int session) {
    sessions.get(session).close();
  }

  @Override
  public void isolate(int session, Runnable meanwhile) {
    FaultProxy proxy = proxies.get(session);
    proxy.refuse();
    proxy.cut();
    await(() -> !sessions.get(session).isConnected());
    meanwhile.run();
    proxy.heal();
    await(() -> sessions.get(session).isConnected());
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(condition);
  }

  @Override
  public void close() {
    sessions.forEach(PlainSession::close);
    proxies.forEach(FaultProxy::close);
  }
}
