package io.zookit.core.internal.session;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.request.DeletionDebt;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One client, its sessions and a server, in one thread: a seed decides what happens next. Requests and answers wait until
 * they are let through or lost, sessions end on either side first, timers fire in any order.
 */
public final class SimulatedEnsemble {

  /** A node and the session that owns it. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity only
  public record Node(long owner, byte[] data) {

    Stat stat() {
      Stat stat = new Stat();
      stat.setEphemeralOwner(owner);
      return stat;
    }

    public boolean holds(byte[] wanted) {
      return Arrays.equals(data, wanted);
    }
  }

  public final Map<String, Node> tree = new HashMap<>();
  public final DeletionDebt debt;
  public final EphemeralBudget budget = new EphemeralBudget();
  public final SerialLane loop;
  public final CoreClient client;
  public final Random chance;
  private final List<SessionListener> listeners = new ArrayList<>();
  private final Map<Class<?>, Engine> engines = new HashMap<>();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final Map<String, Long> counted = new HashMap<>();
  private final Meters meters = new CountingMeters();
  private final List<Long> forgotten = new ArrayList<>();
  private SimulatedSession session;
  private long sessions;

  public SimulatedEnsemble(long seed) {
    chance = new Random(seed);
    loop = SerialLane.inline(
        task -> {
          throw new RejectedExecutionException("one thread only");
        },
        "loop");
    client = (CoreClient) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {CoreClient.class},
        (proxy, method, given) -> switch (method.getName()) {
          case "loop" -> loop;
          case "rootPath" -> ZkPath.absolute("/r");
          case "handle" -> Optional.ofNullable(session.isOver() ? null : session);
          case "onSessions" -> listen((SessionListener) given[0]);
          case "debt" -> debt();
          case "budget" -> budget;
          case "acl" -> List.of();
          case "timekeeper" -> new QueuedTimers();
          case "meters" -> meters;
          case "engine" -> engine((Class<?>) given[0], (Function<?, ?>) given[1]);
          case "toString" -> "simulated";
          default -> throw new UnsupportedOperationException(method.getName());
        });
    debt = new DeletionDebt(client);
    listeners.add(debt);
    session = new SimulatedSession(++sessions, this);
  }

  private DeletionDebt debt() {
    return debt;
  }

  public SimulatedSession session() {
    return session;
  }

  private Subscription listen(SessionListener listener) {
    listeners.add(listener);
    if (session.isConnected()) {
      listener.onConnected(session);
    }
    return () -> listeners.remove(listener);
  }

  @SuppressWarnings("unchecked")
  private Engine engine(Class<?> kind, Function<?, ?> maker) {
    Engine known = engines.get(kind);
    if (known == null) {
      known = (Engine) ((Function<Object, Object>) maker).apply(client);
      engines.put(kind, known);
      known.start();
    }
    return known;
  }

  /** One thing of those that can happen. */
  public void step() {
    switch (chance.nextInt(12)) {
      case 0, 1, 2, 3 -> session.serveOne();
      case 4, 5, 6, 7 -> session.answerOne();
      case 8 -> disconnect();
      case 9 -> connect();
      case 10 -> fireOne();
      default -> endSession();
    }
  }

  private void disconnect() {
    if (session.isConnected()) {
      session.lose(chance);
      loop.execute(() -> listeners.forEach(listener -> listener.onSuspect(session)));
    }
  }

  /** The connection comes, or comes back; a session that is over gets a successor. */
  public void connect() {
    if (session.isOver()) {
      session = new SimulatedSession(++sessions, this);
    } else if (!session.isConnected() && !session.isAliveAtServer()) {
      lost();
      return;
    }
    if (!session.isConnected()) {
      session.toConnected();
      loop.execute(() -> List.copyOf(listeners).forEach(listener -> listener.onConnected(session)));
    }
  }

  /** On the server first, which the client learns at its next connect; or on the client first. */
  private void endSession() {
    if (chance.nextInt(3) != 0 || session.isOver()) {
      return;
    }
    disconnect();
    if (chance.nextBoolean()) {
      session.endAtServer();
      forget(session.id());
    } else {
      forgotten.add(session.id());
      lost();
    }
  }

  /** The session ends on the server, at once. */
  public void expire() {
    disconnect();
    session.endAtServer();
    forget(session.id());
  }

  private void lost() {
    session.toOver();
    loop.execute(() -> List.copyOf(listeners).forEach(listener -> listener.onLost(session)));
  }

  private void forget(long owner) {
    tree.values().removeIf(node -> node.owner == owner);
  }

  public void fireOne() {
    Runnable timer = timers.pollFirst();
    if (timer != null) {
      timer.run();
    }
  }

  /** The faults end: all that can still happen happens, until nothing changes any more. */
  public void settle() {
    forgotten.forEach(this::forget);
    connect();
    connect();
    for (int round = 0; round < 40; round++) {
      while (session.serveOne() || session.answerOne()) {
        connect();
      }
      for (int due = timers.size(); due > 0; due--) {
        fireOne();
      }
    }
    while (session.serveOne() || session.answerOne()) {
      connect();
    }
  }

  @Nullable
  Node node(ZkPath path) {
    return tree.get(path.value());
  }

  Code create(ZkPath path, Node node) {
    return tree.putIfAbsent(path.value(), node) == null ? Code.OK : Code.NODEEXISTS;
  }

  /** How much was added to a counter. */
  public long counted(String meter) {
    return counted.getOrDefault(meter, 0L);
  }

  /** Whether a timer is set. */
  public boolean hasTimers() {
    return !timers.isEmpty();
  }

  private final class CountingMeters implements Meters {

    @Override
    public void count(String name, long amount) {
      counted.merge(name, amount, Long::sum);
    }

    @Override
    public void time(String name, long nanos) {}

    @Override
    public Subscription gauge(String name, DoubleSupplier value) {
      return () -> {};
    }
  }

  /** Timers fire when the seed says so. */
  private final class QueuedTimers implements Timekeeper {

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      timers.addLast(task);
      return () -> timers.remove(task);
    }
  }
}
