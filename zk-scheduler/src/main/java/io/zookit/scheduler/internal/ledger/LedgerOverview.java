package io.zookit.scheduler.internal.ledger;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.scheduler.JobLedger.Listing;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overview of all jobs, followed once for each client, however many of its {@linkplain #open values} are open.
 *
 * <pre>
 *          event, connected                 all answered
 *   idle ────────────────────► reading ───────────────────► pausing ──► idle, or reading if something is invalid
 *    ▲                            │                            ▲
 *    └───────no connection────────┴──────────refused───────────┘
 * </pre>
 *
 * <p>One persistent recursive watch on the folder of all jobs says which of them have changed; the truth is read. While a read
 * is in flight and for {@value #COLLECT_MILLIS} ms after it, further events are collected for one more read. Everything is
 * read after each connect.
 *
 * <p>In a client that runs scheduler nodes all jobs are read every {@value #POLL_SECONDS} s instead: the nodes have watches on
 * the same paths, and a server before 3.9 keeps one kind of watch for each path and session, so that one would replace the
 * other. The same holds for a server without persistent watches.
 *
 * <p><i>Threads:</i> used on the loop, except for {@link #open}.
 */
public final class LedgerOverview implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(LedgerOverview.class);

  private static final int COLLECT_MILLIS = 100;
  private static final int POLL_SECONDS = 2;
  private static final Backoff REFUSED =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

  private final CoreClient client;
  private final JobPaths paths;
  private final Set<LiveCell<Listing>> cells = new LinkedHashSet<>();
  private final JobsContent content = new JobsContent();
  private OverviewInvalidations invalid = new OverviewInvalidations();
  private Subscription sessions = () -> {};
  private @Nullable SessionHandle session;
  private @Nullable Subscription watch;
  private @Nullable OverviewRead read;
  private @Nullable Scope pause;
  private @Nullable Listing published;
  private @Nullable Long staleSince;
  private int nodes;
  private boolean polls;
  private int failures;

  /** Creates an overview that follows nothing yet. */
  public LedgerOverview(CoreClient client) {
    this.client = client;
    this.paths = new JobPaths(client.rootPath());
  }

  /** Opens a value that follows the overview until it is closed. From any thread. */
  public LiveValue<Listing> open() {
    if (client.isClosed()) {
      throw new IllegalStateException("the client is closed");
    }
    SerialLane loop = client.loop();
    List<LiveCell<Listing>> opened = new ArrayList<>();
    LiveCell<Listing> cell = new LiveCell<>(
        "overview of jobs",
        client.timekeeper(),
        () -> client.lane("listener of the overview of jobs"),
        () -> loop.execute(() -> opened.forEach(this::remove)));
    opened.add(cell);
    loop.execute(() -> add(cell));
    return cell;
  }

  private void add(LiveCell<Listing> cell) {
    cells.add(cell);
    if (published != null) {
      cell.set(published);
      if (staleSince != null) {
        cell.toStale(staleSince);
      }
    }
    if (cells.size() == 1) {
      sessions = client.onSessions(this);
    }
  }

  private void remove(LiveCell<Listing> cell) {
    if (cells.remove(cell) && cells.isEmpty()) {
      stop();
    }
  }

  /** Ends, and removes the watch from the server: no value is open any more. */
  private void stop() {
    sessions.close();
    toIdle();
    unwatch();
    session = null;
    content.clear();
    published = null;
    staleSince = null;
    failures = 0;
    invalid = new OverviewInvalidations();
  }

  /** Closes all values: the client is closed. */
  public void close() {
    List.copyOf(cells).forEach(LiveCell::close);
  }

  /** A scheduler node is about to start in this client: it will watch the same paths. */
  public void onNodeStarting() {
    nodes++;
    if (!polls) {
      polls = true;
      unwatch();
      invalid.addAll();
      readNext();
    }
  }

  /** A scheduler node of this client has ended. Its watches may stay until the end of the session. */
  public void onNodeEnded() {
    nodes--;
  }

  @Override
  public void onConnected(SessionHandle connected) {
    if (!connected.equals(session)) {
      session = connected;
      unwatch();
      polls = nodes > 0;
      if (!polls) {
        setWatch(connected);
      }
    }
    toIdle();
    invalid.addAll();
    readNext();
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    toIdle();
    if (staleSince == null && published != null) {
      long since = client.timekeeper().nanos();
      staleSince = since;
      cells.forEach(cell -> cell.toStale(since));
    }
  }

  @Override
  public void onLost(SessionHandle lost) {
    session = null;
    unwatch();
  }

  private void setWatch(SessionHandle handle) {
    watch = new ZkSessionTree(client, handle)
        .followTree(paths.jobs(), this::onEvent, this::onMissed, () -> onUnwatchable(handle));
  }

  private void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  private void onUnwatchable(SessionHandle handle) {
    if (handle.equals(session)) {
      log.warn(
          "jobs: the server has no persistent watches, all jobs are read every {} s", POLL_SECONDS);
      watch = null;
      polls = true;
      invalid.addAll();
      readNext();
    }
  }

  private void onEvent(String path) {
    invalid.add(paths.jobs(), path);
    readNext();
  }

  private void onMissed() {
    invalid.addAll();
    readNext();
  }

  /** Reads what is invalid, unless a read is in flight, a pause has not ended, or there is no connection. */
  private void readNext() {
    SessionHandle handle = session;
    if (handle != null
        && handle.isConnected()
        && read == null
        && pause == null
        && !invalid.isEmpty()
        && !cells.isEmpty()) {
      OverviewInvalidations asked = invalid;
      invalid = new OverviewInvalidations();
      OverviewRead next = new OverviewRead(
          new ZkSessionTree(client, handle), paths, asked, this::onRead, this::onBroken);
      read = next;
      next.start();
    }
  }

  private void onRead(OverviewRead done) {
    if (done != read) {
      return;
    }
    read = null;
    failures = 0;
    content.apply(done);
    publish(content.listing());
    pause(polls ? Duration.ofSeconds(POLL_SECONDS) : Duration.ofMillis(COLLECT_MILLIS));
  }

  private void onBroken(OverviewRead done, Code code) {
    if (done != read) {
      return;
    }
    read = null;
    invalid.addAll();
    if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
      log.warn("jobs: cannot be read: ZooKeeper answered {}", code);
      pause(REFUSED.delay(failures++));
    }
  }

  private void publish(Listing next) {
    boolean isChange = !next.equals(published);
    published = next;
    staleSince = null;
    if (isChange) {
      cells.forEach(cell -> cell.set(next));
    } else {
      cells.forEach(LiveCell::toLive);
    }
  }

  /** Collects changes for a while, then reads them; all jobs if these are polled. */
  private void pause(Duration length) {
    Scope scope = Scope.root(client.loop(), client.timekeeper());
    pause = scope;
    scope.after(length, () -> {
      pause = null;
      if (polls) {
        invalid.addAll();
      }
      readNext();
    });
  }

  /** Forgets a read in flight and ends a pause. What was to be read is read after the next connect. */
  private void toIdle() {
    read = null;
    if (pause != null) {
      pause.close();
      pause = null;
    }
  }

  /** The jobs that are out of date: all of them, or some by their names. */
  static final class OverviewInvalidations {

    private final Set<String> jobs = new LinkedHashSet<>();
    private boolean all;

    void addAll() {
      all = true;
    }

    /** Adds the job that a changed node belongs to, if it is one that the overview shows. */
    void add(ZkPath folder, String path) {
      if (path.length() <= folder.value().length()) {
        return;
      }
      String[] names = path.substring(folder.value().length() + 1).split("/", -1);
      boolean isShown = names.length == 2
          || (names.length == 3 && Set.of("def", "state", "ctl").contains(names[2]));
      if (isShown && JobPaths.isPartition(names[0])) {
        jobs.add(names[1]);
      }
    }

    boolean isEmpty() {
      return !all && jobs.isEmpty();
    }

    boolean isAll() {
      return all;
    }

    Set<String> jobs() {
      return jobs;
    }
  }
}
