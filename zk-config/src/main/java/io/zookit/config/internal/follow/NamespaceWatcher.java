package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one namespace for one store: brings events into one order, computes the next {@link FollowState}, and performs
 * the effects.
 *
 * <p><i>Order:</i> an event that an effect causes at once is handled after all effects of the event before.
 *
 * <p><i>Failure:</i> whatever is thrown on the way, an {@code Error} too, becomes an event itself: a rejection with what
 * was thrown as its reason, after which the head is read again.
 *
 * <p><i>Threads:</i> the loop.
 */
final class NamespaceWatcher implements HeadWatcher.Listener {

  private static final Logger log = LoggerFactory.getLogger(NamespaceWatcher.class);

  private final ConfigSubscriptions owner;
  private final InstanceStatusReporter reporter;
  private final Queue<FollowEvent> events = new ArrayDeque<>();
  private FollowState state;
  private @Nullable HeadWatcher heads;
  private boolean handling;
  private boolean closed;

  NamespaceWatcher(ConfigSubscriptions owner, Namespace ns) {
    this.owner = owner;
    this.state = FollowState.unknown(ns);
    this.reporter = new InstanceStatusReporter(owner.client(), owner.paths(), ns, owner.statuses());
  }

  /** Begins, with what was known at the end of an earlier run. */
  void start(Optional<SnapshotFile.Kept> kept) {
    kept.ifPresent(file -> on(new FollowEvent.FileRead(file)));
    heads = owner.attach(namespace(), this);
  }

  Namespace namespace() {
    return state.ns();
  }

  /** The newest release that can be used; null while nothing is known. */
  @Nullable
  LoadedRelease newest() {
    return state.newest();
  }

  /** Tells if the namespace was looked for and does not exist. */
  boolean isAbsent() {
    return state.absent();
  }

  boolean isLive() {
    return state.live();
  }

  /** Reads the head again, now. */
  void refresh() {
    if (heads != null) {
      heads.refresh(true);
    }
  }

  void close() {
    closed = true;
    owner.detach(namespace(), this);
    reporter.close();
  }

  @Override
  public void onHead(Head head) {
    on(new FollowEvent.HeadRead(head));
  }

  @Override
  public void onAbsent() {
    on(new FollowEvent.HeadAbsent());
  }

  @Override
  public void onUnreadable(String reason, boolean tooNew) {
    on(new FollowEvent.HeadUnreadable(reason, tooNew));
  }

  @Override
  public void onSuspect() {
    on(new FollowEvent.ConnectionSuspect());
  }

  /** Handles an event, after those before it. */
  void on(FollowEvent event) {
    if (closed) {
      return;
    }
    events.add(event);
    if (handling) {
      return;
    }
    handling = true;
    try {
      for (FollowEvent next = events.poll(); next != null; next = events.poll()) {
        handle(next);
      }
    } finally {
      handling = false;
    }
  }

  private void handle(FollowEvent event) {
    FollowState.FollowStep step;
    try {
      step = state.on(event, moment());
    } catch (Throwable e) {
      onThrown(event, e);
      return;
    }
    state = step.state();
    for (FollowEffect effect : step.effects()) {
      try {
        perform(effect);
      } catch (Throwable e) {
        onThrown(event, e);
      }
    }
  }

  private void onThrown(FollowEvent event, Throwable thrown) {
    log.error("config {}: following failed, tried again", namespace(), thrown);
    if (!(event instanceof FollowEvent.StepFailed)) {
      events.add(new FollowEvent.StepFailed(thrown.getClass().getName()));
    } else if (heads != null) {
      heads.refreshLater(0);
    }
  }

  private FollowEvent.Moment moment() {
    CoreClient client = owner.client();
    return new FollowEvent.Moment(
        owner.instance(),
        owner.cluster(),
        ConfigEngine.incarnation(client),
        client.isTrusted(),
        client.handle().filter(SessionHandle::isConnected).isPresent(),
        client.timekeeper().nanos());
  }

  private void perform(FollowEffect effect) {
    if (effect instanceof FollowEffect.Notify notify) {
      notifyOwner(notify);
    } else if (effect instanceof FollowEffect.LoadRelease load) {
      owner
          .loader()
          .load(
              namespace(),
              load.head(),
              load.release(),
              result -> on(new FollowEvent.LoadEnded(load.attempt(), result)));
    } else if (effect instanceof FollowEffect.JudgeCandidate judge) {
      judge(judge.head(), judge.release());
    } else if (effect instanceof FollowEffect.ReportStatus) {
      reporter.report(
          state.report(owner.instance(), owner.client().label()), state.isStatusAwaited());
    } else if (effect instanceof FollowEffect.ReadHeadLater later) {
      if (heads != null) {
        heads.refreshLater(later.failures());
      }
    } else if (effect instanceof FollowEffect.CompareLineage compare) {
      owner.client().recall(compare.lineage(), this::refresh);
    } else {
      observe(effect);
    }
  }

  private void notifyOwner(FollowEffect.Notify notify) {
    switch (notify) {
      case NEWEST -> owner.onNewest(this);
      case CONFIRMED -> owner.onConfirmed(this);
      case ABSENT -> owner.onAbsent(this);
      case SUSPECT -> owner.onSuspect(this);
    }
  }

  private void judge(Head head, ReleaseRef candidate) {
    owner.loader().load(namespace(), head, candidate, result -> {
      LoadedRelease.Text text = result.text();
      if (text != null) {
        owner.judge(
            this,
            new LoadedRelease(namespace(), head, text, "candidate", null),
            candidate.sha256());
      } else if (result.end() == ReleaseLoader.End.UNREAD) {
        on(new FollowEvent.CandidatePostponed(true));
      } else {
        on(new FollowEvent.CandidateJudged(candidate.sha256(), List.of(result.problem())));
      }
    });
  }

  private void observe(FollowEffect effect) {
    ConfigObservers observers = owner.observers();
    Namespace ns = namespace();
    if (effect instanceof FollowEffect.ObserveOlder older) {
      observers.onOlderRefused(ns, older.epoch(), older.revision());
    } else if (effect instanceof FollowEffect.ObserveUnsupported unsupported) {
      observers.onUnsupported(ns, unsupported.what());
    } else if (effect instanceof FollowEffect.ObserveUnreadable unreadable) {
      observers.onUnreadable(ns, unreadable.reason());
    } else if (effect instanceof FollowEffect.ObserveRejected rejected) {
      observers.onRejected(ns, rejected.release(), List.of(rejected.problem()));
    } else if (effect instanceof FollowEffect.ObserveDeleted) {
      observers.onDeleted(ns);
    }
  }
}
