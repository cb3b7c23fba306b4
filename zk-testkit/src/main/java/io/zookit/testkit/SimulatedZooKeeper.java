package io.zookit.testkit;

import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedConnection;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedNode;
import io.zookit.testkit.internal.sim.SimulatedSession;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A simulated ensemble of three servers with clients, in virtual time and driven by a seed, for tests of code that has to
 * survive faults.
 *
 * <p>A client of it is given to {@code DistributedLock.named}, {@code LeaderElection} and the like; what they do on it is
 * what they do on a real ensemble, with sessions, watches, followers that lag, and answers that are lost. Minutes of that
 * pass in milliseconds. A run is repeated by its seed: the same calls get the same delays, replies and fencing tokens at
 * the same virtual times.
 *
 * <pre>{@code
 * try (SimulatedZooKeeper zk = SimulatedZooKeeper.seeded(42)) {
 *   ZkClient worker = zk.client("worker");
 *   DistributedLock lock = DistributedLock.named("orders", worker);
 *   Lease lease = zk.await(lock.acquireAsync(), Duration.ofSeconds(30));
 *   zk.expireSession(worker);
 *   zk.run(Duration.ofSeconds(20));
 * }
 * }</pre>
 *
 * <p><i>A script of faults</i> is a list of calls of {@link #after}: each names a moment and what happens then, a fault of
 * this class or an act of the code under test.
 *
 * <p><i>Time:</i> nothing happens but inside {@link #run}, {@link #runUntil} and {@link #await}, which let time jump from
 * one event to the next until their own end, on the calling thread. Calls that block cannot be used: they would wait in
 * real time for what only happens in these three. {@code acquireAsync} and {@link #await} stand for {@code acquire}; {@link
 * ZkClient#awaitConnected} alone waits in virtual time by itself.
 *
 * <p><i>Threads:</i> one. The clients' loops, callbacks and timers run on the thread that runs the simulation.
 *
 * <p><i>Failure:</i> what a task of the toolkit throws inside a client is an error in the toolkit, and comes out of the
 * method that runs the simulation as an {@link AssertionError}. What a callback of the test throws is logged, as with a
 * real client.
 *
 * <p><i>Limits:</i> every operation is allowed to every client, and no access policy can be stored. Restored data is not
 * suspected: the incarnation is always 1 and cannot be raised. The names of nodes contain random letters that do not
 * follow from the seed, nor do the pauses between attempts of elections and registrations. The servers are as strict as
 * ZooKeeper may be: a session ends exactly one timeout after the last sign of its client.
 */
public final class SimulatedZooKeeper implements AutoCloseable {

  /** The data and the sessions of all servers at one moment, as an operator copies them. */
  public static final class SimulatedBackup {
    private final SimulatedZooKeeper owner;
    private final SimulatedEnsemble.Snapshot snapshot;

    private SimulatedBackup(SimulatedZooKeeper owner, SimulatedEnsemble.Snapshot snapshot) {
      this.owner = owner;
      this.snapshot = snapshot;
    }
  }

  private static final ZkPath ROOT = new ZkPath("/zookit");
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(15);

  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Set<SimulatedClient> losingRequest = new HashSet<>();
  private final Set<SimulatedClient> losingAnswer = new HashSet<>();
  private final Map<Object, Integer> lasting = new HashMap<>();
  private double lostRequests;
  private double lostAnswers;

  private SimulatedZooKeeper(long seed) {
    time = new VirtualTime(seed);
    ensemble = new SimulatedEnsemble(time);
    ensemble.loseRequests((from, request) -> isLost(from, losingRequest, lostRequests));
    ensemble.loseAnswers((from, request) -> isLost(from, losingAnswer, lostAnswers));
  }

  /** Creates a running ensemble without data, whose every decision follows from the seed. */
  public static SimulatedZooKeeper seeded(long seed) {
    return new SimulatedZooKeeper(seed);
  }

  /**
   * Creates a client with a session timeout of 15 s and the root {@code /zookit}.
   *
   * @param label its name in messages
   */
  public ZkClient client(String label) {
    return client(label, SESSION_TIMEOUT);
  }

  /**
   * Creates a client with the root {@code /zookit}, in a process of its own. It connects as soon as time passes.
   *
   * @param label its name in messages
   * @param sessionTimeout more than zero
   */
  public ZkClient client(String label, Duration sessionTimeout) {
    if (sessionTimeout.isNegative() || sessionTimeout.isZero()) {
      throw new IllegalArgumentException(
          "sessionTimeout: " + sessionTimeout + " (expected: more than zero)");
    }
    SimulatedCurator curator =
        new SimulatedCurator(new VirtualProcess(time), ensemble, sessionTimeout.toNanos());
    SimulatedClient client = SimulatedClient.owning(label, ROOT, curator, failures::add);
    clients.add(client);
    curator.connect();
    return client;
  }

  // Time.

  /** The virtual time since the ensemble was created. */
  public Duration elapsed() {
    return Duration.ofNanos(time.nanos());
  }

  /** The wall clock of a process whose clock is right. */
  public Instant now() {
    return time.now();
  }

  /** Lets everything happen that is due within a span; afterwards the span is over. */
  public void run(Duration span) {
    time.run(requireNotNegative("span", span));
    requireNoFailures();
  }

  /**
   * Lets everything happen until a condition holds, which is evaluated after each event.
   *
   * @param atMost the virtual time to wait
   * @return whether it holds; false when the time is over
   */
  public boolean runUntil(BooleanSupplier condition, Duration atMost) {
    long end = time.nanos() + requireNotNegative("atMost", atMost).toNanos();
    boolean[] over = {false};
    Subscription limit = time.at(end, () -> over[0] = true);
    while (!condition.getAsBoolean() && !over[0]) {
      time.step();
      requireNoFailures();
    }
    limit.close();
    return condition.getAsBoolean();
  }

  /**
   * Lets everything happen until a future is done, and returns its value.
   *
   * @param atMost the virtual time to wait
   * @throws ZkTimeoutException if it is not done in time
   * @throws java.util.concurrent.CompletionException if it failed; the cause is the failure
   * @throws java.util.concurrent.CancellationException if it was cancelled
   */
  public <T> T await(CompletableFuture<T> future, Duration atMost) {
    if (!runUntil(future::isDone, atMost)) {
      throw new ZkTimeoutException(future + ": not done within " + atMost + " of virtual time");
    }
    return future.join();
  }

  /**
   * Schedules an act, of a script of faults or of the code under test.
   *
   * @param delay the virtual time from now
   * @return closing it before the act has begun cancels it
   */
  public Subscription after(Duration delay, Runnable act) {
    return time.after(requireNotNegative("delay", delay), act);
  }

  // Faults of one client.

  /** Loses the next request that a server receives from a client, with the connection: nothing becomes of it. */
  public void loseNextRequest(ZkClient client) {
    losingRequest.add(mine(client));
  }

  /** Loses the next answer to a client, with the connection: the request has been served, and the client cannot know. */
  public void loseNextAnswer(ZkClient client) {
    losingAnswer.add(mine(client));
  }

  /**
   * Loses requests and answers of all clients at random, each with its connection, from now on.
   *
   * @param requests the probability that a request is lost, from 0 to 1
   * @param answers the probability that an answer is lost, from 0 to 1
   */
  public void loseAtRandom(double requests, double answers) {
    lostRequests = requireProbability("requests", requests);
    lostAnswers = requireProbability("answers", answers);
  }

  /** Breaks a client's connection, and lets none come into being for a span. */
  public void disconnect(ZkClient client, Duration span) {
    SimulatedCurator curator = mine(client).curator();
    lasting(curator, span, curator::rejoin);
    curator.isolate();
  }

  /** Ends a client's session at the servers; the client learns of it from them. Does nothing while it has none. */
  public void expireSession(ZkClient client) {
    mine(client).curator().session().map(SimulatedSession::id).ifPresent(ensemble::end);
  }

  /**
   * Freezes a client's process for a span, as a garbage collection or SIGSTOP does: nothing in it runs. One that is
   * frozen already stays so for its first span only.
   */
  public void freeze(ZkClient client, Duration span) {
    mine(client).process().freeze(requireNotNegative("span", span).toNanos());
  }

  /** Kills a client's process: its connection breaks, and nothing in it ever runs again. */
  public void kill(ZkClient client) {
    mine(client).curator().kill();
  }

  /** Sets a client's wall clock forward, or back by a negative shift. */
  public void shiftWallClock(ZkClient client, Duration shift) {
    mine(client).process().shiftWallClock(shift);
  }

  /**
   * Lets the server that a client is connected to learn late of what is decided: reads of all its clients are old by then.
   * Does nothing while the client is not connected.
   */
  public void lagServerOf(ZkClient client, Duration span) {
    requireNotNegative("span", span);
    mine(client).connection().map(SimulatedConnection::server).ifPresent(server -> {
      lasting(server, span, server::rejoin);
      server.lag();
    });
  }

  // Faults of all servers, and acts of an operator.

  /** Stops all servers for a span; their data stays, and every session has its whole timeout when they start again. */
  public void restart(Duration span) {
    lasting(ensemble, span, ensemble::start);
    ensemble.stop();
  }

  /** Copies the data and the sessions of this moment. */
  public SimulatedBackup backup() {
    return new SimulatedBackup(this, ensemble.snapshot());
  }

  /**
   * Stops all servers, puts a copy in place of their data, and starts them after a span: sessions that were alive when it
   * was taken are alive again.
   */
  public void restore(SimulatedBackup backup, Duration span) {
    if (backup.owner != this) {
      throw new IllegalArgumentException("backup: of another simulation");
    }
    lasting(ensemble, span, ensemble::start);
    ensemble.restore(backup.snapshot);
  }

  /** Removes a node without children, as an operator does; does nothing if there is none. */
  public void remove(String path) {
    ensemble.remove(ZkPath.absolute(path).value());
  }

  // The data of the leader.

  /** Returns the data of a node; empty if there is no such node. */
  public Optional<byte[]> data(String path) {
    return node(path).map(node -> node.data().clone());
  }

  /** Returns the names of the children of a node, in the order of their creation; none if there is no such node. */
  public List<String> children(String path) {
    return node(path).map(SimulatedNode::children).orElse(List.of());
  }

  private Optional<SimulatedNode> node(String path) {
    String valid = path.equals("/") ? path : ZkPath.absolute(path).value();
    return Optional.ofNullable(ensemble.tree().find(valid));
  }

  /** Closes all clients, and lets everything happen that follows from it within a minute. */
  @Override
  public void close() {
    List<SimulatedClient> open =
        clients.stream().filter(client -> !client.isClosed()).toList();
    if (!open.isEmpty()) {
      open.forEach(SimulatedClient::close);
      run(Duration.ofMinutes(1));
    }
  }

  /** Ends a fault after a span, or with the last one of the same that overlaps with it. */
  private void lasting(Object fault, Duration span, Runnable end) {
    requireNotNegative("span", span);
    lasting.merge(fault, 1, Integer::sum);
    time.after(span, () -> {
      if (lasting.merge(fault, -1, Integer::sum) == 0) {
        lasting.remove(fault);
        end.run();
      }
    });
  }

  private boolean isLost(
      SimulatedConnection connection, Set<SimulatedClient> next, double probability) {
    return next.removeIf(
            client -> client.connection().filter(connection::equals).isPresent())
        || (probability > 0 && time.chance(probability));
  }

  private SimulatedClient mine(ZkClient client) {
    return clients.stream()
        .filter(each -> each == client)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "client: " + client + " (expected: one of this simulation)"));
  }

  private void requireNoFailures() {
    if (!failures.isEmpty()) {
      AssertionError error = new AssertionError("a task of a client failed", failures.get(0));
      failures.stream().skip(1).forEach(error::addSuppressed);
      failures.clear();
      throw error;
    }
  }

  private static Duration requireNotNegative(String what, Duration span) {
    if (span.isNegative()) {
      throw new IllegalArgumentException(what + ": " + span + " (expected: zero or more)");
    }
    return span;
  }

  private static double requireProbability(String what, double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(what + ": " + probability + " (expected: 0 to 1)");
    }
    return probability;
  }
}
