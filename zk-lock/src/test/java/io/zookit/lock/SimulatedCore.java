package io.zookit.lock;

import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.DataLineage;
import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.SessionView;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.request.DeletionDebt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/** What the engines of one process ask their client for, other than its session. Its clock and its lanes are simulated. */
abstract class SimulatedCore implements CoreClient {

  static final ZkPath ROOT = new ZkPath("/zk");

  private final String label;
  private final ProcessTime clock;
  private final SerialLane loop;
  private final DeletionDebt debt = new DeletionDebt(this);
  private final EphemeralBudget budget = new EphemeralBudget();
  private final SimulatedMeters meters = new SimulatedMeters();
  private final Map<Class<?>, Engine> engines = new LinkedHashMap<>();

  SimulatedCore(String label, ProcessTime clock) {
    this.label = label;
    this.clock = clock;
    this.loop = SerialLane.inline(clock, label + " loop");
  }

  /** The time of this process, which stands still while the process does. */
  final ProcessTime clock() {
    return clock;
  }

  final SimulatedMeters measured() {
    return meters;
  }

  @Override
  public SerialLane loop() {
    return loop;
  }

  @Override
  public Executor executor() {
    return clock;
  }

  @Override
  public SerialLane lane(String name) {
    return SerialLane.on(clock, name);
  }

  @Override
  public ZkPath rootPath() {
    return ROOT;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public DeletionDebt debt() {
    return debt;
  }

  @Override
  public EphemeralBudget budget() {
    return budget;
  }

  @Override
  public List<ACL> acl(ZkPath path) {
    return ZooDefs.Ids.OPEN_ACL_UNSAFE;
  }

  @Override
  public AccessLists accessLists() {
    throw new UnsupportedOperationException("locks ask for single lists only");
  }

  @Override
  public FencingToken token(long czxid, int handOff) {
    return new FencingToken(1, czxid, handOff);
  }

  @Override
  public <E extends Engine> E engine(
      Class<E> kind, Function<? super CoreClient, ? extends E> maker) {
    Engine known = engines.get(kind);
    if (known == null) {
      E made = maker.apply(this);
      engines.put(kind, made);
      made.start();
      return made;
    }
    return kind.cast(known);
  }

  @Override
  public Timekeeper timekeeper() {
    return clock;
  }

  @Override
  public Meters meters() {
    return meters;
  }

  @Override
  public String root() {
    return ROOT.value();
  }

  @Override
  public SessionView session() {
    throw unasked();
  }

  @Override
  public Subscription onSession(Consumer<? super SessionView> listener) {
    throw unasked();
  }

  @Override
  public void awaitConnected(Duration limit) {
    throw unasked();
  }

  @Override
  public long incarnation() {
    return 1;
  }

  @Override
  public long raiseIncarnation(long atLeast) {
    throw unasked();
  }

  @Override
  public List<AuthenticatedIdentity> authenticatedAs() {
    throw unasked();
  }

  @Override
  public long repairIncarnation(long atLeast) {
    throw unasked();
  }

  @Override
  public Optional<RestoreSuspicion> suspicion() {
    throw unasked();
  }

  @Override
  public Optional<DataLineage> lineage() {
    throw unasked();
  }

  @Override
  public void requireTrusted() {}

  @Override
  public String memory() {
    throw unasked();
  }

  @Override
  public void recall(String memory, Runnable compared) {
    throw unasked();
  }

  @Override
  public void close() {
    engines.values().forEach(Engine::close);
  }

  private static UnsupportedOperationException unasked() {
    return new UnsupportedOperationException("the engine of locks does not ask for that");
  }
}
