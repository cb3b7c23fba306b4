package io.zookit.group.internal.inspect;

import io.zookit.core.internal.overview.OverviewContent;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.GroupView;
import io.zookit.group.internal.planner.PlanInputs;
import io.zookit.group.internal.planner.PlanInputs.SeenGroup;
import io.zookit.group.internal.store.GroupNodes;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/** The members of a group and their claims, as they are read. */
final class ClaimsContent implements OverviewContent<GroupView> {

  private static final GroupView NO_PARTITIONS = new GroupView(0, List.of(), Map.of(), 0);

  private final GroupNodes nodes;
  private @Nullable SessionHandle session;
  private @Nullable PlanInputs inputs;
  private boolean invalid = true;
  private GroupView view = NO_PARTITIONS;

  ClaimsContent(GroupNodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public void invalidate(String below, EventType change) {
    if (!below.startsWith("~o")) { // records change together with claims
      invalid = true;
    }
  }

  @Override
  public void invalidateAll() {
    invalid = true;
  }

  @Override
  public boolean isInvalid() {
    return invalid;
  }

  @Override
  public void read(SessionHandle handle, Scope scope, Consumer<Code> done) {
    PlanInputs reads = inputs;
    if (reads == null || session != handle) {
      reads = new PlanInputs(nodes, handle);
      inputs = reads;
      session = handle;
    }
    invalid = false;
    reads.read(scope.wrap((Answer<SeenGroup> answer) -> {
      if (answer.isOk()) {
        view = GroupViews.ofClaims(answer.get());
        done.accept(Code.OK);
      } else if (answer.code() == Code.NONODE) {
        view = NO_PARTITIONS;
        done.accept(Code.OK);
      } else {
        done.accept(answer.code());
      }
    }));
  }

  @Override
  public GroupView value() {
    return view;
  }

  @Override
  public void clear() {
    session = null;
    inputs = null;
    invalid = true;
    view = NO_PARTITIONS;
  }
}
