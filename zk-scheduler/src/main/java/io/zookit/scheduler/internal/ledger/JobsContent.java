package io.zookit.scheduler.internal.ledger;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.overview.OverviewContent;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.scheduler.JobLedger.Listing;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;

/** All jobs, with the reasons of those that cannot be read. A change is one read of the job that has changed. */
public final class JobsContent implements OverviewContent<Listing> {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);
  private static final Set<String> SHOWN = Set.of("def", "state", "ctl");

  private final CoreClient client;
  private final JobPaths paths;
  private final Map<String, JobView> jobs = new TreeMap<>();
  private final Map<String, String> unreadable = new TreeMap<>();
  private Set<String> invalid = new LinkedHashSet<>();
  private boolean allInvalid = true;

  /** Creates the content of a client's folder of jobs. */
  public JobsContent(CoreClient client) {
    this.client = client;
    this.paths = new JobPaths(client.rootPath());
  }

  @Override
  public void invalidate(String below, EventType change) {
    String[] names = below.split("/", -1);
    boolean isShown = names.length == 2 || (names.length == 3 && SHOWN.contains(names[2]));
    if (isShown && JobPaths.isPartition(names[0])) {
      invalid.add(names[1]);
    }
  }

  @Override
  public void invalidateAll() {
    allInvalid = true;
  }

  @Override
  public boolean isInvalid() {
    return allInvalid || !invalid.isEmpty();
  }

  @Override
  public void read(SessionHandle handle, Scope scope, Consumer<Code> done) {
    Set<String> changed = invalid;
    boolean all = allInvalid;
    invalid = new LinkedHashSet<>();
    allInvalid = false;
    OverviewRead read = new OverviewRead(new ZkSessionTree(client, handle), paths);
    Consumer<Code> ended = scope.wrap((Code code) -> {
      if (code == Code.OK) {
        forget(all ? Set.copyOf(jobs.keySet()) : changed);
        forget(all ? Set.copyOf(unreadable.keySet()) : changed);
        apply(read);
      }
      done.accept(code);
    });
    if (all) {
      read.startAll(ended);
    } else {
      read.start(changed, ended);
    }
  }

  private void forget(Set<String> names) {
    jobs.keySet().removeAll(names);
    unreadable.keySet().removeAll(names);
  }

  private void apply(OverviewRead read) {
    for (JobView view : read.jobs()) {
      jobs.put(view.job().name(), view);
    }
    unreadable.putAll(read.unreadable());
  }

  @Override
  public Listing value() {
    return new Listing(List.copyOf(jobs.values()), unreadable);
  }

  @Override
  public Duration pollInterval() {
    return POLL_INTERVAL;
  }

  @Override
  public void clear() {
    jobs.clear();
    unreadable.clear();
    invalid.clear();
    allInvalid = true;
  }
}
