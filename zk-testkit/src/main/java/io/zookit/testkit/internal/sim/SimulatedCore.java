package io.zookit.testkit.internal.sim;

import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.DataLineage;
import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.GuaranteedDeletes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/** The parts of a simulated client other than its session: its clock and its lanes are those of a {@link VirtualProcess}. */
abstract class SimulatedCore implements CoreClient {

  private final String label;
  private final ZkPath root;
  private final VirtualProcess process;
  private final SerialLane loop;
  private final GuaranteedDeletes debt;
  private final EphemeralBudget budget = new EphemeralBudget();
  private final SimulatedMeters meters = new SimulatedMeters();
  private final Map<Class<?>, Engine> engines = new LinkedHashMap<>();
  private boolean closed;

  SimulatedCore(String label, ZkPath root, VirtualProcess process) {
    this.label = label;
    this.root = root;
    this.process = process;
    this.loop = SerialLane.inline(process, label + " loop");
    this.debt = new GuaranteedDeletes(loop, process, meters);
  }

  /** The process that the client belongs to. */
  public final VirtualProcess process() {
    return process;
  }

  /** The measurements of the client. */
  public final SimulatedMeters measured() {
    return meters;
  }

  @Override
  public SerialLane loop() {
    return loop;
  }

  @Override
  public Executor executor() {
    return process;
  }

  @Override
  public SerialLane lane(String name) {
    return SerialLane.on(process, name);
  }

  @Override
  public ZkPath rootPath() {
    return root;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public GuaranteedDeletes debt() {
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
    throw new UnsupportedOperationException("a simulated client has no access policy");
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
    return process;
  }

  /** The randomness of the run, so that its seed decides about delays, too. */
  @Override
  public RandomGenerator random() {
    return process.time().random();
  }

  @Override
  public Meters meters() {
    return meters;
  }

  @Override
  public String root() {
    return root.value();
  }

  @Override
  public long incarnation() {
    return 1;
  }

  @Override
  public long raiseIncarnation(long atLeast) {
    throw unsupported();
  }

  @Override
  public CompletableFuture<Optional<List<AuthenticatedIdentity>>> queryIdentities() {
    return CompletableFuture.completedFuture(Optional.of(List.of()));
  }

  @Override
  public List<AuthenticatedIdentity> authenticatedAs() {
    return List.of();
  }

  @Override
  public long repairIncarnation(long atLeast) {
    throw unsupported();
  }

  @Override
  public Optional<RestoreSuspicion> suspicion() {
    return Optional.empty();
  }

  @Override
  public Optional<DataLineage> lineage() {
    return Optional.empty();
  }

  @Override
  public void requireTrusted() {}

  @Override
  public String memory() {
    throw unsupported();
  }

  @Override
  public void recall(String memory, Runnable compared) {
    throw unsupported();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List<Engine> lastFirst = new ArrayList<>(engines.values());
      Collections.reverse(lastFirst);
      lastFirst.forEach(Engine::close);
    }
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("not part of the simulation");
  }
}
