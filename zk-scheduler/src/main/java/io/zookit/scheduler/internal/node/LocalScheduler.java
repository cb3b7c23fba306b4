package io.zookit.scheduler.internal.node;

import com.google.common.util.concurrent.Uninterruptibles;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobHandler;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.NextRun;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotReport;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.run.RunThreads;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.NodeSettings;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import io.zookit.scheduler.trigger.TimekeeperTriggerEngine;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node as its user holds it. */
public final class LocalScheduler implements JobScheduler, SessionListener {

  private static final Logger log = LoggerFactory.getLogger(LocalScheduler.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
  private static final Duration GOODBYE = Duration.ofSeconds(2);
  private static final Duration WITH_CLIENT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration MOST_PAUSE = Duration.ofMillis(200);

  private final CoreClient client;
  private final JobLedger ledger;
  private final NodeSettings settings;
  private final SchedulerNode node;
  private final Consumer<LocalScheduler> onClose;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private Subscription sessions = () -> {};

  public LocalScheduler(
      CoreClient client,
      JobLedger ledger,
      SchedulerOptions options,
      Consumer<LocalScheduler> onClose) {
    this.client = client;
    this.ledger = ledger;
    this.onClose = onClose;
    SerialLane lane = client.lane("scheduler");
    this.settings = new NodeSettings(
        options.label().orElse(client.label()),
        options.weight(),
        options.concurrency(),
        options.patience(),
        zxid -> client.token(zxid, 0),
        client.meters(),
        Observers.of(lane, options.observer()),
        Observers.of(lane, options.history()));
    NodeContext context = new NodeContext(
        client.loop(), client.timekeeper(), new JobPaths(client.rootPath()), settings);
    node = new SchedulerNode(
        context,
        options.engine().orElseGet(() -> new TimekeeperTriggerEngine(client.timekeeper())),
        new RunThreads(settings.label()),
        LocalScheduler::newId);
  }

  public void start() {
    sessions = client.onSessions(this);
  }

  private static String newId() {
    return String.format("%016x", RANDOM.nextLong());
  }

  @Override
  public void onConnected(SessionHandle handle) {
    node.onConnected(new ZkSessionTree(client, handle));
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    node.onSuspect(new ZkSessionTree(client, handle));
  }

  @Override
  public void onLost(SessionHandle handle) {
    node.onLost(new ZkSessionTree(client, handle));
  }

  @Override
  public Subscription handle(String name, int version, JobHandler handler) {
    ZkPath.requireName("handler", name);
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: 0 or more)");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    client.loop().execute(() -> {
      try {
        node.handle(name, version, handler);
        done.complete(null);
      } catch (IllegalStateException e) {
        done.completeExceptionally(e);
      }
    });
    try {
      done.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw new IllegalStateException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    }
    AtomicBoolean registered = new AtomicBoolean(true);
    return () -> {
      if (registered.getAndSet(false)) {
        client.loop().execute(() -> node.unhandle(name));
      }
    };
  }

  @Override
  public String label() {
    return settings.label();
  }

  @Override
  public void close() {
    close(settings.patience(), AFTER_INTERRUPT);
  }

  /** Closes with the client: whatever the node's patience, in less than 10 s, also when a run does not end. */
  public void closeWithClient() {
    Duration patience = settings.patience();
    close(patience.compareTo(WITH_CLIENT) < 0 ? patience : WITH_CLIENT, GOODBYE);
  }

  private void close(Duration patience, Duration afterInterrupt) {
    if (!open.getAndSet(false)) {
      return;
    }
    client.loop().execute(node::drain);
    if (!within(patience, node::isIdle)) {
      client.loop().execute(node::interruptRuns);
      if (!within(afterInterrupt, node::isIdle)) {
        log.warn(
            "{}: runs do not end though interrupted; they keep their slots until they do", this);
      }
    }
    client.loop().execute(node::close);
    CompletableFuture<Void> left = when(node::hasLeft).thenRun(this::end);
    within(GOODBYE, () -> left.isDone() || node.isHeldUp());
    onClose.accept(this);
  }

  /** Nothing of this node is in its session any more, or the session is over. On the loop. */
  private void end() {
    sessions.close();
    node.end();
    settings.history().publish(HistorySink::close);
  }

  /** Done when the node says so, on the loop. */
  private CompletableFuture<Void> when(BooleanSupplier done) {
    CompletableFuture<Void> said = new CompletableFuture<>();
    client.loop().execute(() -> look(done, LOOK, said));
    return said;
  }

  private void look(BooleanSupplier done, Duration pause, CompletableFuture<Void> said) {
    if (done.getAsBoolean()) {
      said.complete(null);
    } else if (!said.isDone()) {
      Duration next = pause.compareTo(MOST_PAUSE) < 0 ? pause.plus(LOOK) : pause;
      client.timekeeper().after(pause, () -> client.loop().execute(() -> look(done, next, said)));
    }
  }

  /**
   * Returns whether the node satisfies the condition within the timeout. An interrupt is deferred: a node that was half
   * closed would stay that way.
   */
  private boolean within(Duration patience, BooleanSupplier done) {
    CompletableFuture<Void> said = when(done);
    try {
      Uninterruptibles.getUninterruptibly(
          said, Timeouts.millis(patience) + 1, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      said.complete(null); // not looked for any more
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public JobView define(Job job, DefinitionPolicy policy) throws InterruptedException {
    return ledger.define(job, policy);
  }

  @Override
  public JobView replace(Job job, int version) throws InterruptedException {
    return ledger.replace(job, version);
  }

  @Override
  public Optional<JobView> find(String job) throws InterruptedException {
    return ledger.find(job);
  }

  @Override
  public Listing listing() throws InterruptedException {
    return ledger.listing();
  }

  @Override
  public LiveValue<Listing> overview() {
    return ledger.overview();
  }

  @Override
  public void pause(String job, String reason) throws InterruptedException {
    ledger.pause(job, reason);
  }

  @Override
  public void resume(String job, String reason) throws InterruptedException {
    ledger.resume(job, reason);
  }

  @Override
  public boolean trigger(String job, String id, Map<String, String> parameters, String reason)
      throws InterruptedException {
    return ledger.trigger(job, id, parameters, reason);
  }

  @Override
  public int backfill(String job, Instant after, Instant upTo, String reason)
      throws InterruptedException {
    return ledger.backfill(job, after, upTo, reason);
  }

  @Override
  public boolean cancel(String job, String reason) throws InterruptedException {
    return ledger.cancel(job, reason);
  }

  @Override
  public boolean delete(String job, String reason) throws InterruptedException {
    return ledger.delete(job, reason);
  }

  @Override
  public List<RunRecord> history(String job) throws InterruptedException {
    return ledger.history(job);
  }

  @Override
  public List<SlotReport> slots(String job, int count) throws InterruptedException {
    return ledger.slots(job, count);
  }

  @Override
  public List<NextRun> next(String job, int count) throws InterruptedException {
    return ledger.next(job, count);
  }

  @Override
  public Verification verify(
      String job, Instant after, Instant upTo, List<? extends HistorySink.Archive> sinks)
      throws InterruptedException {
    return ledger.verify(job, after, upTo, sinks);
  }

  @Override
  public List<JobNode> nodes() throws InterruptedException {
    return ledger.nodes();
  }

  @Override
  public String toString() {
    return "scheduler " + settings.label();
  }
}
