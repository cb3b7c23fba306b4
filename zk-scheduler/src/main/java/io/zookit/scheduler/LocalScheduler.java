package io.zookit.scheduler;

import io.zookit.core.Subscription;
import io.zookit.core.internal.CoreClient;
import io.zookit.core.internal.SerialLane;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.SessionListener;
import io.zookit.core.internal.ZkPath;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node as its user holds it. */
final class LocalScheduler implements JobScheduler, SessionListener {

  private static final Logger log = LoggerFactory.getLogger(LocalScheduler.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final CoreClient client;
  private final JobLedger ledger;
  private final NodeSettings settings;
  private final SchedulerNode node;
  private final SerialLane callbacks;
  private final Consumer<LocalScheduler> onClose;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private Subscription sessions = () -> {};

  LocalScheduler(
      CoreClient client,
      JobLedger ledger,
      JobSchedulerBuilder builder,
      Consumer<LocalScheduler> onClose) {
    this.client = client;
    this.ledger = ledger;
    this.onClose = onClose;
    this.callbacks = client.lane("scheduler");
    this.settings = new NodeSettings(
        builder.label().orElse(client.label()),
        builder.weight,
        builder.concurrency,
        builder.patience,
        zxid -> client.token(zxid, 0),
        client.meters(),
        builder.observer,
        builder.history(),
        callbacks);
    NodeContext context = new NodeContext(
        client.loop(), client.timekeeper(), new JobPaths(client.rootPath()), settings);
    node = new SchedulerNode(
        context, builder.engine(), new RunThreads(settings.label()), LocalScheduler::newId);
  }

  void start() {
    sessions = client.onSessions(this);
  }

  private static String newId() {
    return String.format("%016x", RANDOM.nextLong());
  }

  @Override
  public void onConnected(SessionHandle handle) {
    node.onConnected(new SessionTree(client, handle));
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    node.onSuspect(new SessionTree(client, handle));
  }

  @Override
  public void onLost(SessionHandle handle) {
    node.onLost(new SessionTree(client, handle));
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
    if (!open.getAndSet(false)) {
      return;
    }
    client.loop().execute(node::drain);
    if (!awaitRuns(settings.patience())) {
      client.loop().execute(node::interruptRuns);
      if (!awaitRuns(AFTER_INTERRUPT)) {
        log.warn(
            "{}: runs do not end though interrupted; their slots will be found orphaned", this);
      }
    }
    client.loop().execute(node::close);
    sessions.close();
    callbacks.execute(settings.history()::close);
    onClose.accept(this);
  }

  /** Whether all runs have ended in time. */
  private boolean awaitRuns(Duration patience) {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    client.loop().execute(() -> look(ended));
    try {
      return ended.get(patience.toMillis() + 1, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      ended.complete(false);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private void look(CompletableFuture<Boolean> ended) {
    if (node.running() == 0) {
      ended.complete(true);
    } else if (!ended.isDone()) {
      client.timekeeper().after(LOOK, () -> client.loop().execute(() -> look(ended)));
    }
  }

  @Override
  public JobView define(Job job) throws InterruptedException {
    return ledger.define(job);
  }

  @Override
  public JobView replace(Job job) throws InterruptedException {
    return ledger.replace(job);
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
  public List<JobView> list() throws InterruptedException {
    return ledger.list();
  }

  @Override
  public Map<String, String> unreadable() throws InterruptedException {
    return ledger.unreadable();
  }

  @Override
  public void pause(String job, String reason) throws InterruptedException {
    ledger.pause(job, reason);
  }

  @Override
  public void resume(String job) throws InterruptedException {
    ledger.resume(job);
  }

  @Override
  public boolean trigger(String job, String id, Map<String, String> parameters)
      throws InterruptedException {
    return ledger.trigger(job, id, parameters);
  }

  @Override
  public int backfill(String job, Instant after, Instant upTo) throws InterruptedException {
    return ledger.backfill(job, after, upTo);
  }

  @Override
  public boolean cancel(String job) throws InterruptedException {
    return ledger.cancel(job);
  }

  @Override
  public boolean delete(String job) throws InterruptedException {
    return ledger.delete(job);
  }

  @Override
  public List<RunRecord> history(String job) throws InterruptedException {
    return ledger.history(job);
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
