package io.zookit.config.internal.overview;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.internal.zk.ReportedStatus;
import io.zookit.core.internal.overview.OverviewContent;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;

/** The statuses that the live instances of a namespace report. A change is one read of the node that has changed. */
final class InstanceOverview implements OverviewContent<List<InstanceReleaseStatus>> {

  private final ZkPath folder;
  private final Map<String, ReportedStatus> reports = new HashMap<>();
  private Set<String> invalid = new LinkedHashSet<>();
  private boolean allInvalid = true;

  InstanceOverview(ZkPath folder) {
    this.folder = folder;
  }

  @Override
  public void invalidate(String below, EventType change) {
    if (below.isEmpty()) {
      allInvalid = true;
    } else if (below.indexOf('/') < 0) {
      invalid.add(below);
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
    List<String> changed = List.copyOf(invalid);
    boolean all = allInvalid;
    invalid = new LinkedHashSet<>();
    allInvalid = false;
    if (!all) {
      readNodes(handle, scope, changed, done);
      return;
    }
    handle.list(folder, scope.wrap((Answer<List<String>> listed) -> {
      if (!listed.isOk() && listed.code() != Code.NONODE) {
        done.accept(listed.code());
        return;
      }
      List<String> names = listed.isOk() ? listed.get() : List.of();
      reports.keySet().retainAll(names);
      readNodes(handle, scope, names, done);
    }));
  }

  private void readNodes(
      SessionHandle handle, Scope scope, List<String> names, Consumer<Code> done) {
    OverviewContent.<String, SessionHandle.Node>sendEach(
        names,
        scope,
        (name, reply) -> handle.getData(folder.own(name), null, reply),
        answers -> {
          Code refused = Code.OK;
          for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Answer<SessionHandle.Node> answer = answers.get(i);
            reports.remove(name);
            if (answer.isOk()) {
              ReportedStatus.of(name, answer.get()).ifPresent(report -> reports.put(name, report));
            } else if (answer.code() != Code.NONODE) {
              refused = answer.code();
            }
          }
          done.accept(refused);
        },
        done);
  }

  @Override
  public List<InstanceReleaseStatus> value() {
    return ReportedStatus.newest(reports.values());
  }

  @Override
  public void clear() {
    reports.clear();
    invalid.clear();
    allInvalid = true;
  }
}
