package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.bind.RecordBinder;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one store follows. Watchers bring releases; a <i>batch</i> tries everything that is new at once, on a
 * lane, and what passed comes into force, on the loop, all in one task.
 *
 * <p>Namespaces that were published together wait for each other, and when one of them is refused all are; see {@link
 * Round}. Lives on the loop, but for what says otherwise.
 */
public final class ConfigSubscriptions {

  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9-]+");
  private static final int LONGEST_LABEL = 100;
  private static final int NONCE = 13;

  private final ConfigEngine engine;
  private final StoreSettings settings;
  private final StoreAccess access;
  private final SerialLane lane;
  private final ConfigObservers observers;
  private final ReleaseLoader fetcher;
  private final LocalFiles local;
  private final Map<Namespace, NamespaceWatcher> followers = new LinkedHashMap<>();
  private final Map<Namespace, NamespaceView> views = new LinkedHashMap<>();
  private volatile Instance instance;
  private @Nullable Subscription overrideEnd;
  private boolean settling;
  private boolean again;

  ConfigSubscriptions(ConfigEngine engine, StoreSettings settings) {
    this.engine = engine;
    this.settings = settings;
    CoreClient client = engine.client();
    this.lane = client.lane("config");
    this.observers =
        new ConfigObservers(settings.observer(), client.meters(), client.lane("config observer"));
    this.instance = identify(settings, client.label());
    this.access = StoreAccess.of(client, settings);
    this.fetcher = new ReleaseLoader(client, engine.paths(), access.sealer(), lane);
    this.local = new LocalFiles(
        client, settings.snapshots(), access.keys(), fetcher, observers, this::onKept);
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

  ReleaseLoader fetcher() {
    return fetcher;
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
      settle();
    });
    return value;
  }

  /** Takes other labels, and what they select. From any thread. */
  public void relabel(Map<String, String> labels) {
    instance = new Instance(instance.id(), instance.address(), labels);
    client()
        .loop()
        .execute(() -> new ArrayList<>(followers.values()).forEach(NamespaceWatcher::look));
  }

  HeadWatcher attach(Namespace ns, HeadWatcher.Listener listener) {
    return engine.attach(ns, listener);
  }

  void detach(Namespace ns, HeadWatcher.Listener listener) {
    engine.detach(ns, listener);
  }

  void onNewest(NamespaceWatcher follower) {
    for (NamespaceView view : new ArrayList<>(views.values())) {
      if (view.namespace().equals(follower.namespace())) {
        adopt(view);
      }
    }
    settle();
  }

  void onAbsent(NamespaceWatcher follower) {
    settle();
  }

  void onConfirmed(NamespaceWatcher follower) {
    for (NamespaceView view : views.values()) {
      if (view.uses(follower)) {
        view.toLiveness();
        if (settings.overrides() != null) {
          view.tryAgain();
        }
      }
    }
    tellSettled(follower);
    settle();
  }

  void onSuspect(NamespaceWatcher follower) {
    views.values().stream().filter(view -> view.uses(follower)).forEach(NamespaceView::toLiveness);
  }

  /** Tries a candidate without using it, and has the follower vote. */
  void tryOut(NamespaceWatcher follower, LoadedRelease candidate, String sha256) {
    List<NamespaceView.EvaluationRequest> questions = new ArrayList<>();
    for (NamespaceView view : views.values()) {
      if (view.uses(follower)) {
        Optional<NamespaceView.EvaluationRequest> all = view.all();
        if (all.isEmpty()) {
          return; // an instance that cannot judge does not vote; it tries again when all layers are
          // here
        }
        questions.add(all.get().with(candidate));
      }
    }
    lane.execute(() -> {
      Set<String> problems = new LinkedHashSet<>();
      questions.forEach(question -> problems.addAll(
          ApplyBatch.sure(question, () -> NamespaceView.answer(question, Optional.empty()))
              .problems()));
      client().loop().execute(() -> follower.onVoted(sha256, List.copyOf(problems)));
    });
  }

  void close() {
    if (overrideEnd != null) {
      overrideEnd.close();
    }
    local.close();
    new ArrayList<>(followers.values()).forEach(NamespaceWatcher::close);
    followers.clear();
    views.clear();
  }

  /** Begins a round with everything that is new, or has another follow the one that is under way. */
  private void settle() {
    if (settling) {
      again = true;
      return;
    }
    ApplyBatch round = ApplyBatch.of(views.values(), this::isComplete);
    if (round.isEmpty()) {
      return;
    }
    settling = true;
    again = false;
    if (settings.overrides() == null && round.isQuick()) {
      keep(round, round.answers(this::override));
      return;
    }
    lane.execute(() -> {
      List<NamespaceView.Evaluation> answers = round.answers(this::override);
      client().loop().execute(() -> keep(round, answers));
    });
  }

  private void onKept(Namespace ns) {
    NamespaceWatcher follower = followers.get(ns);
    if (follower != null) {
      tellSettled(follower);
    }
  }

  /**
   * Writes releases to their files before they come into force, so that a process that is killed and starts again goes
   * on from there; but for a disk that refuses it. A change that must reach every instance is worth more than the file,
   * so it is used all the same.
   */
  private void keep(ApplyBatch round, List<NamespaceView.Evaluation> answers) {
    try {
      List<LoadedRelease> layers =
          answers.stream().flatMap(answer -> answer.layers().stream()).toList();
      local.save(layers, cluster(), () -> commit(answers));
    } catch (Throwable e) {
      commit(round.refusals(e));
    }
  }

  /** Tells if everything that was published together with these layers and is followed here has come. */
  private boolean isComplete(NamespaceView.EvaluationRequest question) {
    for (LoadedRelease layer : question.newest()) {
      Head.Bundle bundle = layer.head().bundle();
      Map<String, Long> members = bundle == null ? Map.of() : bundle.revisions();
      for (Map.Entry<String, Long> member : members.entrySet()) {
        NamespaceWatcher other = followers.get(Namespace.parse(member.getKey()));
        LoadedRelease newest = other == null ? null : other.newest();
        if (other != null && newest != null && newest.head().revision() < member.getValue()) {
          other.look();
          return false;
        }
      }
    }
    return true;
  }

  private Optional<LocalOverride> override(NamespaceView.EvaluationRequest question) {
    return settings.overrides() == null
        ? Optional.empty()
        : LocalOverride.read(
            settings.overrides(),
            question.view().namespace(),
            client().timekeeper().now());
  }

  private void commit(List<NamespaceView.Evaluation> answers) {
    try {
      answers.forEach(this::commitSurely);
      answers.stream()
          .map(NamespaceView.Evaluation::question)
          .filter(question -> !isFollowed(question.view()))
          .forEach(question -> askAgain(question.bundles()));
      followers.values().forEach(this::tellSettled);
    } finally {
      settling = false;
      if (again) {
        settle();
      }
    }
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
    answer.override().ifPresent(above -> scheduleEnd(view, above.until()));
  }

  private boolean isFollowed(NamespaceView view) {
    return view.equals(views.get(view.namespace()));
  }

  /** Has the next batch include the views that wait for bundles of a view that was closed. */
  private void askAgain(Set<String> bundles) {
    for (NamespaceView view : views.values()) {
      if (!Collections.disjoint(view.withheld(), bundles)) {
        view.tryAgain();
        again = true;
      }
    }
  }

  private void tellSettled(NamespaceWatcher follower) {
    LoadedRelease newest = follower.newest();
    if (newest == null) {
      return;
    }
    int applied = 0;
    boolean overridden = false;
    List<String> problems = new ArrayList<>();
    for (NamespaceView view : views.values()) {
      if (view.uses(follower)) {
        problems.addAll(view.problemsWith(newest));
        overridden |= view.isOverridden();
        applied = Math.max(
            applied,
            view.inForce(follower.namespace()).map(LoadedRelease::number).orElse(0));
      }
    }
    follower.onSettled(applied, problems, overridden, local.reasonNotKept(follower.namespace()));
  }

  private void scheduleEnd(NamespaceView view, Instant until) {
    if (overrideEnd != null) {
      overrideEnd.close();
    }
    Duration left = Duration.between(client().timekeeper().now(), until);
    overrideEnd = client()
        .timekeeper()
        .after(
            left.isNegative() ? Duration.ZERO : left,
            () -> client().loop().execute(() -> {
              view.tryAgain();
              settle();
            }));
  }

  private NamespaceView view(Namespace ns) {
    NamespaceView known = views.get(ns);
    if (known != null) {
      return known;
    }
    NamespaceView view = new NamespaceView(ns, settings.strict());
    views.put(ns, view);
    adopt(view);
    return view;
  }

  /** Gives a view the followers of its namespace and of the layers it has now. */
  private void adopt(NamespaceView view) {
    Set<Namespace> wanted = new LinkedHashSet<>(view.wantedLayers());
    wanted.add(view.namespace());
    Map<Namespace, NamespaceWatcher> before = new HashMap<>(view.followers());
    before.keySet().stream().filter(ns -> !wanted.contains(ns)).forEach(ns -> {
      view.followers().remove(ns);
      releaseUnused(ns);
    });
    for (Namespace ns : wanted) {
      if (!view.followers().containsKey(ns)) {
        view.followers().put(ns, follower(ns));
      }
    }
  }

  private NamespaceWatcher follower(Namespace ns) {
    NamespaceWatcher known = followers.get(ns);
    if (known != null) {
      return known;
    }
    NamespaceWatcher follower = new NamespaceWatcher(this, ns);
    followers.put(ns, follower);
    local.load(ns, kept -> begin(follower, kept));
    return follower;
  }

  private void begin(NamespaceWatcher follower, Optional<SnapshotFile.Kept> kept) {
    if (follower.equals(followers.get(follower.namespace()))) {
      follower.start(kept);
    }
  }

  private void releaseUnused(Namespace ns) {
    boolean used = views.values().stream().anyMatch(view -> view.followers().containsKey(ns));
    NamespaceWatcher follower = used ? null : followers.remove(ns);
    if (follower != null) {
      follower.close();
    }
  }

  private void onClosed(Namespace ns, LiveCell<?> cell) {
    NamespaceView view = views.get(ns);
    if (view != null && view.remove(cell)) {
      views.remove(ns);
      new ArrayList<>(view.followers().keySet()).forEach(this::releaseUnused);
      askAgain(view.withheld());
      settle();
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

  /**
   * Returns the identity of this instance: the given one, else the kept one, else the label of the client with a nonce.
   */
  private static Instance identify(StoreSettings settings, String label) {
    Instance given = settings.instance();
    if (given != null) {
      return given;
    }
    String kept = settings.snapshots() == null ? null : SnapshotFile.keptId(settings.snapshots());
    if (kept != null) {
      return Instance.named(kept);
    }
    String name = NOT_IN_NAMES.matcher(label).replaceAll("-");
    String named = name.substring(0, Math.min(name.length(), LONGEST_LABEL));
    String nonce = UUID.randomUUID().toString().substring(0, NONCE);
    return Instance.named((named.startsWith("-") ? "c" : "") + named + "-" + nonce);
  }
}
