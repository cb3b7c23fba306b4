package io.zookit.core.internal.client;

import io.zookit.core.internal.access.AccessKeeper;
import io.zookit.core.internal.lineage.IncarnationKeeper;
import io.zookit.core.internal.lineage.LineageKeeper;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionChecks;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.data.Stat;

/** The checks of a session by the access policy, the incarnation and the lineage, in one flight. */
record DataChecks(AccessKeeper access, IncarnationKeeper incarnation, LineageKeeper lineage)
    implements SessionChecks {

  @Override
  public ZkPath watchedPath() {
    return lineage.suspectPath();
  }

  @Override
  public void onWatchedRead(SessionHandle handle, Answer<Stat> read) {
    lineage.onSuspectRead(handle, read);
  }

  @Override
  public void check(SessionHandle handle, Consumer<Boolean> answered) {
    access.read(handle); // answered first: applies to all that is created from now on
    List<Boolean> answers = new ArrayList<>();
    Consumer<Boolean> each = compared -> {
      answers.add(compared);
      if (answers.size() == 2) {
        answered.accept(!answers.contains(false));
      }
    };
    incarnation.check(handle, each);
    lineage.check(handle, each);
  }

  @Override
  public boolean isDue() {
    return lineage.isDue();
  }

  @Override
  public void checkAgain(SessionHandle handle, Consumer<Boolean> answered) {
    lineage.check(handle, answered);
  }

  @Override
  public void forget() {
    access.forget();
    incarnation.forget();
  }
}
