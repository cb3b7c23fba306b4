package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore.Participant;
import io.zookit.config.Namespace;
import io.zookit.config.bind.RecordBinder;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that one store follows. Watchers bring releases; an {@link ApplyBatch} tries everything that is new at once,
 * and what passed comes into force, on the loop, all in one task.
 *
 * <p>Namespaces that were published together wait for each other, and when one of them is refused all are.
 *
 * <p><i>Threads:</i> the loop, unless said otherwise. A change is handed over once to the lane at most, see {@link
 * BatchRunner}, and once to the lane of a subscriber.
 */
public final class ConfigSubscriptions {

  private final ConfigEngine engine;
  private final StoreSettings settings;
  private final StoreAccess access;
  private final SerialLane lane;
  private final ConfigObservers observers;
  private final ReleaseLoader loader;
  private final LocalFiles local;
  private final Map<Namespace, NamespaceWatcher> watchers = new LinkedHashMap<>();
  private final Map<Namespace, NamespaceView> views = new LinkedHashMap<>();
  private volatile Instance instance;
  private final Participants participants = new Participants(this::isAbsent);
  private final BatchRunner batches;
  private final CandidateJudge judge;
  private final OverrideEnds overrideEnds;

  ConfigSubscriptions(ConfigEngine engine, StoreSettings settings) {
    this.engine = engine;
    this.settings = settings;
    CoreClient client = engine.client();
    this.lane = client.lane("config");
    this.observers = new ConfigObservers(settings, client.meters(), client.lane("config observer"));
    this.instance = InstanceIdentity.of(settings, client.label());
    this.access = StoreAccess.of(client, settings);
    this.loader = new ReleaseLoader(client, engine.paths(), access.sealer(), lane, engine::cache);
    this.local = new LocalFiles(
        client, lane, settings.snapshots(), access.keys(), loader, observers, this::onKept);
    this.overrideEnds = new OverrideEnds(client);
    this.judge = new CandidateJudge(client.loop(), lane, participants);
    this.batches = new BatchRunner(
        client,
        lane,
        local,
        participants,
        () -> ApplyBatch.of(views.values(), this::isComplete),
        settings.overrides() == null ? BatchRunner.NO_OVERRIDES : this::override,
        this::cluster,
        this::commit);
  }

  CoreClient client() {
    return engine.client();
  }

  /** The access that reading and publishing share, with one ring of keys. From any thread. */
  public StoreAccess access() {
    return access;
  }

  ConfigPaths paths() {
    return engine.paths();
  }

  String cluster() {
    return engine.cluster();
  }

  public ConfigObservers observers() {
    return observers;
  }

  StatusGathering statuses() {
    return engine.statuses();
  }

  ReleaseLoader loader() {
    return loader;
  }

  /** The instance that follows. From any thread. */
  public Instance instance() {
    return instance;
  }

  /** From any thread. */
  public LiveValue<ConfigSnapshot> follow(Namespace ns) {
    LiveCell<ConfigSnapshot> cell = cell("config " + ns, ns);
    client().loop().execute(() -> view(ns).add(cell));
    return cell;
  }

  /** From any thread. */
  public <T extends Record> LiveValue<T> bind(Namespace ns, RecordBinder<T> binder) {
    LiveCell<T> cell = cell("config " + ns + " as " + binder.type().getSimpleName(), ns);
    BoundLiveValue<T> value = new BoundLiveValue<>(ns, cell);
    client().loop().execute(() -> {
      view(ns).add(new RecordBinding<>(binder, value));
      batches.run();
    });
    return value;
  }

  /** From any thread. */
  public Subscription follow(Set<Namespace> namespaces, Participant participant) {
    if (namespaces.isEmpty()) {
      throw new IllegalArgumentException("namespaces: none (expected: at least one)");
    }
    Set<Namespace> all = Set.copyOf(namespaces);
    ParticipantBinding binding = new ParticipantBinding(
        client(),
        all,
        participant,
        ns -> cell("config " + ns + " of a participant", ns),
        () -> tryAgain(all));
    client().loop().execute(() -> {
      participants.add(binding);
      binding.handles().forEach((ns, cell) -> view(ns).add(cell));
      tryAgain(all);
    });
    return () -> {
      binding.close();
      client().loop().execute(() -> participants.remove(binding));
    };
  }

  private void tryAgain(Set<Namespace> namespaces) {
    for (Namespace ns : namespaces) {
      NamespaceView view = views.get(ns);
      if (view != null) {
        view.tryAgain();
      }
    }
    batches.run();
  }

  private boolean isAbsent(Namespace ns) {
    NamespaceWatcher watcher = watchers.get(ns);
    return watcher != null && watcher.isAbsent();
  }

  /** Takes other labels, and what they select. From any thread. */
  public void relabel(Map<String, String> labels) {
    instance = new Instance(instance.id(), instance.address(), labels);
    client()
        .loop()
        .execute(() -> new ArrayList<>(watchers.values()).forEach(NamespaceWatcher::refresh));
  }

  HeadWatcher attach(Namespace ns, HeadWatcher.Listener listener) {
    return engine.attach(ns, listener);
  }

  void detach(Namespace ns, HeadWatcher.Listener listener) {
    engine.detach(ns, listener);
  }

  void onNewest(NamespaceWatcher watcher) {
    adoptLayers(watcher);
    batches.run();
  }

  private void adoptLayers(NamespaceWatcher watcher) {
    NamespaceView view = views.get(watcher.namespace());
    if (view != null) {
      adopt(view);
    }
  }

  void onAbsent(NamespaceWatcher watcher) {
    for (ParticipantBinding binding : participants.of(watcher.namespace())) {
      tryAgain(binding.namespaces()); // it may have waited for this
    }
    batches.run();
  }

  void onConfirmed(NamespaceWatcher watcher) {
    adoptLayers(watcher); // it may have failed when they were new
    for (NamespaceView view : views.values()) {
      if (view.uses(watcher)) {
        view.toLiveness();
        if (settings.overrides() != null) {
          view.tryAgain();
        }
      }
    }
    reportSettled(watcher);
    batches.run();
  }

  void onSuspect(NamespaceWatcher watcher) {
    views.values().stream().filter(view -> view.uses(watcher)).forEach(NamespaceView::toLiveness);
  }

  /** Tries a candidate without using it, and has the watcher vote. */
  void judge(NamespaceWatcher watcher, LoadedRelease candidate, String sha256) {
    List<NamespaceView.EvaluationRequest> questions = new ArrayList<>();
    for (NamespaceView view : views.values()) {
      if (view.uses(watcher)) {
        Optional<NamespaceView.EvaluationRequest> all = view.all();
        if (all.isEmpty()) {
          // An instance that cannot judge does not vote; it tries again when all layers are here.
          watcher.on(new FollowEvent.CandidatePostponed(false));
          return;
        }
        questions.add(all.get().with(candidate));
      }
    }
    judge.judge(
        questions,
        found -> watcher.on(
            found.isPresent()
                ? new FollowEvent.CandidateJudged(sha256, found.get())
                : new FollowEvent.CandidatePostponed(false)));
  }

  void close() {
    overrideEnds.close();
    local.close();
    participants.close();
    new ArrayList<>(watchers.values()).forEach(NamespaceWatcher::close);
    watchers.clear();
    views.clear();
  }

  private void onKept(Namespace ns) {
    NamespaceWatcher watcher = watchers.get(ns);
    if (watcher != null) {
      reportSettled(watcher);
    }
  }

  /** Tells if everything that was published together with these layers and is followed here can be tried with them. */
  private boolean isComplete(NamespaceView.EvaluationRequest question) {
    if (BundleRule.areAlone(question.newest())) {
      return true;
    }
    BundleRule.Completeness found = bundles().of(question.view().namespace(), question.newest());
    found.late().forEach(ns -> Objects.requireNonNull(watchers.get(ns)).refresh());
    return found.complete();
  }

  private BundleRule bundles() {
    Map<Namespace, Optional<LoadedRelease>> newest = new HashMap<>();
    watchers.forEach((ns, watcher) -> newest.put(ns, Optional.ofNullable(watcher.newest())));
    List<BundleRule.PendingView> pending = new ArrayList<>();
    for (NamespaceView view : views.values()) {
      view.question()
          .ifPresent(question -> pending.add(new BundleRule.PendingView(
              view.namespace(), Set.copyOf(view.watchers().keySet()), question.newest())));
    }
    return new BundleRule(newest, pending);
  }

  private Optional<LocalOverride> override(NamespaceView.EvaluationRequest question) {
    Path folder = settings.overrides();
    return folder == null
        ? Optional.empty()
        : LocalOverride.read(
            folder, question.view().namespace(), client().timekeeper().now());
  }

  private void commit(List<NamespaceView.Evaluation> answers) {
    answers.forEach(this::commitSurely);
    answers.stream()
        .map(NamespaceView.Evaluation::question)
        .filter(question -> !isFollowed(question.view()))
        .forEach(question -> askAgain(question.bundles()));
    participants.commit();
    watchers.values().forEach(this::reportSettled);
  }

  private void commitSurely(NamespaceView.Evaluation answer) {
    try {
      commit(answer);
    } catch (Throwable e) {
      commit(ApplyBatch.refusal(answer.question(), e));
    }
  }

  private void commit(NamespaceView.Evaluation answer) {
    NamespaceView view = answer.question().view();
    if (!isFollowed(view)) {
      return;
    }
    if (view.commit(answer) && answer.snapshot() != null) {
      observers.onApplied(answer.snapshot());
    }
    List<String> unknown = view.firstSeen(answer.unknownKeys());
    if (!unknown.isEmpty()) {
      observers.onUnknownKeys(view.namespace(), unknown);
    }
    if (!answer.problems().isEmpty()) {
      List<LoadedRelease> newest = answer.question().newest();
      observers.onRejected(
          view.namespace(), newest.get(newest.size() - 1).number(), answer.problems());
    }
    awaitOverrideEnd(view, answer);
  }

  private boolean isFollowed(NamespaceView view) {
    return view.equals(views.get(view.namespace()));
  }

  /** Has the next batch include the views that wait for bundles of a view that was closed. */
  private void askAgain(Set<String> bundles) {
    for (NamespaceView view : views.values()) {
      if (!Collections.disjoint(view.withheld(), bundles)) {
        view.tryAgain();
        batches.repeat();
      }
    }
  }

  private void reportSettled(NamespaceWatcher watcher) {
    LoadedRelease newest = watcher.newest();
    if (newest == null) {
      return;
    }
    int applied = 0;
    boolean overridden = false;
    List<String> problems = new ArrayList<>();
    for (NamespaceView view : views.values()) {
      if (view.uses(watcher)) {
        problems.addAll(view.problemsWith(newest));
        overridden |= view.isOverridden();
        applied = Math.max(
            applied,
            view.inForce(watcher.namespace()).map(LoadedRelease::number).orElse(0));
      }
    }
    watcher.on(new FollowEvent.BatchEnded(
        applied, problems, overridden, local.reasonNotKept(watcher.namespace())));
  }

  private void awaitOverrideEnd(NamespaceView view, NamespaceView.Evaluation answer) {
    Namespace ns = view.namespace();
    if (answer.override().isPresent()) {
      overrideEnds.await(ns, answer.override().get().until(), () -> {
        view.tryAgain();
        batches.run();
      });
    } else if (answer.snapshot() != null) {
      overrideEnds.forget(
          ns); // otherwise what was applied before, with its override, stays in force
    }
  }

  private NamespaceView view(Namespace ns) {
    NamespaceView known = views.get(ns);
    if (known != null) {
      return known;
    }
    NamespaceView view = new NamespaceView(ns, settings.strict(), engine::cache);
    views.put(ns, view);
    adopt(view);
    return view;
  }

  /** Gives a view the watchers of its namespace and of the layers it has now. */
  private void adopt(NamespaceView view) {
    Set<Namespace> wanted = new LinkedHashSet<>(view.wantedLayers());
    wanted.add(view.namespace());
    Map<Namespace, NamespaceWatcher> before = new HashMap<>(view.watchers());
    before.keySet().stream().filter(ns -> !wanted.contains(ns)).forEach(ns -> {
      view.watchers().remove(ns);
      releaseUnused(ns);
    });
    for (Namespace ns : wanted) {
      if (!view.watchers().containsKey(ns)) {
        view.watchers().put(ns, watcher(ns));
      }
    }
  }

  private NamespaceWatcher watcher(Namespace ns) {
    NamespaceWatcher known = watchers.get(ns);
    if (known != null) {
      return known;
    }
    NamespaceWatcher watcher = new NamespaceWatcher(this, ns);
    watchers.put(ns, watcher);
    local.load(ns, kept -> begin(watcher, kept));
    return watcher;
  }

  private void begin(NamespaceWatcher watcher, Optional<SnapshotFile.Kept> kept) {
    if (watcher.equals(watchers.get(watcher.namespace()))) {
      watcher.start(kept);
    }
  }

  private void releaseUnused(Namespace ns) {
    boolean used = views.values().stream().anyMatch(view -> view.watchers().containsKey(ns));
    NamespaceWatcher watcher = used ? null : watchers.remove(ns);
    if (watcher != null) {
      watcher.close();
    }
  }

  private void onClosed(Namespace ns, LiveCell<?> cell) {
    NamespaceView view = views.get(ns);
    if (view != null && view.remove(cell)) {
      views.remove(ns);
      overrideEnds.forget(ns);
      new ArrayList<>(view.watchers().keySet()).forEach(this::releaseUnused);
      askAgain(view.withheld());
      batches.run();
    }
  }

  private <T> LiveCell<T> cell(String name, Namespace ns) {
    List<LiveCell<T>> self = new ArrayList<>();
    LiveCell<T> cell = new LiveCell<>(
        name,
        client().timekeeper(),
        () -> client().lane(name),
        () -> client().loop().execute(() -> onClosed(ns, self.get(0))));
    self.add(cell);
    return cell;
  }
}
