package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.path.ZkPath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The simulated ZooKeeper in a conformance test. */
final class SimulatedSide implements ConformanceSide {

  private static final int MOST_STEPS = 100_000;

  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final ConformanceFormat format = new ConformanceFormat();

  SimulatedSide(long seed, Defect... defects) {
    time = new VirtualTime(seed);
    ensemble = new SimulatedEnsemble(time, defects);
  }

  @Override
  public void open() {
    VirtualProcess process = new VirtualProcess(time);
    SimulatedCurator curator = new SimulatedCurator(process, ensemble, 30 * VirtualTime.SECOND);
    SimulatedClient client =
        new SimulatedClient("c" + clients.size(), new ZkPath("/zk"), curator, failure -> {
          throw new AssertionError(failure);
        });
    curator.connect();
    until(() -> client.simulatedHandle().filter(SimulatedHandle::isConnected).isPresent());
    format.session(clients.size(), client.simulatedHandle().orElseThrow().sessionId());
    clients.add(client);
  }

  private void until(BooleanSupplier condition) {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      if (i == MOST_STEPS || !time.step()) {
        throw new AssertionError("the simulation does not come to that");
      }
    }
  }

  @Override
  public ConformanceFormat format() {
    return format;
  }

  @Override
  public String perform(int session, Action action) {
    SimulatedClient client = clients.get(session);
    List<String> replies = new ArrayList<>();
    client.run(() -> action.on(client.simulatedHandle().orElseThrow(), replies::add));
    until(() -> !replies.isEmpty());
    return replies.get(0);
  }

  @Override
  public List<String> takeEvents(int session) {
    return format.takeEvents(session);
  }

  @Override
  public void close(int session) {
    SimulatedCurator curator = clients.get(session).curator();
    curator.close();
    until(() -> curator.session().isEmpty());
  }

  @Override
  public void isolate(int session, Runnable meanwhile) {
    SimulatedClient client = clients.get(session);
    client.curator().isolate();
    until(() -> !client.simulatedHandle().orElseThrow().isConnected());
    meanwhile.run();
    client.curator().rejoin();
    until(() -> client.simulatedHandle().orElseThrow().isConnected());
  }

  @Override
  public void close() {}
}
