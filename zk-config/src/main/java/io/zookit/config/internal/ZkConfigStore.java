package io.zookit.config.internal;

import io.zookit.config.Change;
import io.zookit.config.ConfigListener;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Environments;
import io.zookit.config.GrayRelease;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Maintenance;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.Policy;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.Rollout;
import io.zookit.config.bind.RecordBinder;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.draft.ApprovalGate;
import io.zookit.config.internal.draft.StoredDraft;
import io.zookit.config.internal.draft.ZkDrafts;
import io.zookit.config.internal.environment.ZkEnvironments;
import io.zookit.config.internal.follow.ConfigEngine;
import io.zookit.config.internal.follow.ConfigSubscriptions;
import io.zookit.config.internal.follow.ListenerDispatch;
import io.zookit.config.internal.head.DraftUse;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.NamespaceAdmin;
import io.zookit.config.internal.history.ValueExplainer;
import io.zookit.config.internal.history.ZkHistory;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.overview.OverviewEngine;
import io.zookit.config.internal.publish.Blobs;
import io.zookit.config.internal.publish.ContentPreviews;
import io.zookit.config.internal.publish.ContentValidators;
import io.zookit.config.internal.publish.GrayReleases;
import io.zookit.config.internal.publish.PublishVerification;
import io.zookit.config.internal.publish.ReleaseBuilder;
import io.zookit.config.internal.publish.ReleasePublisher;
import io.zookit.config.internal.publish.ZkGrayRelease;
import io.zookit.config.internal.upkeep.ZkMaintenance;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The store that lives in ZooKeeper's tree; see {@link ConfigPaths}. */
public final class ZkConfigStore implements ConfigStore {

  private final CoreClient client;
  private final ConfigSubscriptions following;
  private final StoreAccess access;
  private final StoredConfigReader reader;
  private final HeadTransactions transitions;
  private final ContentPreviews previews;
  private final ReleasePublisher publishing;
  private final GrayReleases grays;
  private final PublishVerification voting;
  private final NamespaceAdmin namespaces;

  public ZkConfigStore(CoreClient client, StoreSettings settings) {
    this.client = client;
    this.following = ConfigEngine.in(client).following(settings);
    this.access = following.access();
    this.reader = access.reader();
    ApprovalGate gate = new ApprovalGate(reader, access.caller());
    this.transitions = new HeadTransactions(client, reader, access.nodes(), access.caller(), gate);
    ContentValidators checks = new ContentValidators(
        access.sealer(), settings.records(), settings.validators(), settings.strict());
    ReleaseBuilder maker = new ReleaseBuilder(
        reader, access.nodes(), new Blobs(reader, access.nodes()), access.clock());
    this.publishing = new ReleasePublisher(
        reader, transitions, maker, access.sealer(), checks, this::draftHolding, access.clock());
    this.previews = new ContentPreviews(reader, publishing, access.sealer(), checks);
    this.grays = new GrayReleases(reader, transitions, maker, publishing, access.clock());
    this.voting = new PublishVerification(reader, transitions, maker, publishing, access.clock());
    this.namespaces = new NamespaceAdmin(reader, access.nodes(), transitions, access.clock());
  }

  @Override
  public LiveValue<ConfigSnapshot> follow(Namespace ns) {
    return following.follow(ns);
  }

  @Override
  public <T extends Record> LiveValue<T> bind(Namespace ns, Class<T> type) {
    return following.bind(ns, RecordBinder.of(type));
  }

  @Override
  public Subscription listen(Namespace ns, ConfigListener listener) {
    LiveValue<ConfigSnapshot> followed = following.follow(ns);
    followed.subscribe(
        new ListenerDispatch(ns, listener, following.observers(), client.timekeeper()));
    return followed::close;
  }

  @Override
  public Subscription follow(Set<Namespace> namespaces, Participant participant) {
    return following.follow(namespaces, participant);
  }

  @Override
  public LiveValue<Inventory> followNamespaces() {
    return OverviewEngine.in(client).namespaces();
  }

  @Override
  public LiveValue<List<InstanceReleaseStatus>> followInstances(Namespace ns) {
    return OverviewEngine.in(client).instances(ns);
  }

  @Override
  public void relabel(Map<String, String> labels) {
    following.relabel(labels);
  }

  @Override
  public Instance instance() {
    return following.instance();
  }

  @Override
  public List<Namespace> namespaces() throws InterruptedException {
    return namespaces.list();
  }

  @Override
  public Inventory inventory() throws InterruptedException {
    return namespaces.inventory();
  }

  @Override
  public Optional<NamespaceState> state(Namespace ns) throws InterruptedException {
    return namespaces.state(ns);
  }

  @Override
  public boolean create(Namespace ns, Change change) throws InterruptedException {
    return namespaces.create(ns, change);
  }

  @Override
  public void delete(Namespace ns, Change change) throws InterruptedException {
    namespaces.delete(ns, change);
  }

  @Override
  public void restore(Namespace ns, Change change) throws InterruptedException {
    namespaces.restore(ns, change);
  }

  @Override
  public Policy policy(Namespace ns) throws InterruptedException {
    return reader.policy(ns).policy();
  }

  @Override
  public void setPolicy(Namespace ns, Policy policy, Change change) throws InterruptedException {
    namespaces.policy(ns, policy, change);
  }

  @Override
  public PublishPreview preview(Namespace ns, Content content) throws InterruptedException {
    PublishPreview preview = previews.preview(ns, content);
    Policy policy = reader.policy(ns).policy();
    if (preview.unchanged() || policy.approvals() == 0) {
      return preview;
    }
    Optional<StoredDraft> same = draftsOf(ns).holding(content, preview.base(), policy);
    Optional<String> problem = same.isPresent()
        ? ApprovalGate.lackOf(same.get(), policy)
        : Optional.of(ApprovalGate.lackOfContent(policy));
    return problem.map(preview::withProblem).orElse(preview);
  }

  @Override
  public PublishPreview preview(Draft draft) throws InterruptedException {
    Namespace ns = draft.namespace();
    PublishPreview preview = previews.preview(ns, draft.content());
    return ApprovalGate.lackOf(draft, reader.policy(ns).policy())
        .map(preview::withProblem)
        .orElse(preview);
  }

  @Override
  public Release publish(Namespace ns, Content content, Change change) throws InterruptedException {
    return publish(ns, ReleasePublisher.Order.of(content, Release.Kind.PUBLISH), change);
  }

  @Override
  public Map<Namespace, Release> publish(Map<Namespace, Content> contents, Change change)
      throws InterruptedException {
    Map<Namespace, ReleasePublisher.Order> orders = new HashMap<>();
    contents.forEach(
        (ns, content) -> orders.put(ns, ReleasePublisher.Order.of(content, Release.Kind.PUBLISH)));
    return publishing.publish(orders, change);
  }

  @Override
  public Release update(Namespace ns, UnaryOperator<Content> edit, Change change)
      throws InterruptedException {
    return publish(ns, ReleasePublisher.Order.of(edit), change);
  }

  @Override
  public Release publish(Draft draft, Change change) throws InterruptedException {
    Namespace ns = requireSaved(draft).namespace();
    ReleasePublisher.Order order =
        ReleasePublisher.Order.of(draft.content(), Release.Kind.PUBLISH, use(draft));
    Release release = publish(ns, order, change.onTopOf(draft.base()));
    if (release.number() <= draft.base()) {
      drafts(ns).discard(draft); // it held what is stable anyway, so there was no transaction
    }
    return release;
  }

  @Override
  public Release importContent(Namespace ns, Content content, Change change)
      throws InterruptedException {
    return publish(ns, ReleasePublisher.Order.of(content, Release.Kind.IMPORT), change);
  }

  @Override
  public Release publishVerified(Namespace ns, Content content, Duration timeout, Change change)
      throws InterruptedException {
    return voting.publish(ns, content, DraftUse.NONE, timeout, change);
  }

  @Override
  public Release publishVerified(Draft draft, Duration timeout, Change change)
      throws InterruptedException {
    Namespace ns = requireSaved(draft).namespace();
    Change based = change.onTopOf(draft.base());
    Release release = voting.publish(ns, draft.content(), use(draft), timeout, based);
    if (release.number() <= draft.base()) {
      drafts(ns).discard(draft); // it held what is stable anyway, so there was no transaction
    }
    return release;
  }

  @Override
  public boolean withdraw(Namespace ns, Change change) throws InterruptedException {
    return voting.withdraw(ns, change);
  }

  @Override
  public Release rollback(Namespace ns, Change change) throws InterruptedException {
    return publishing.rollBack(ns, Optional.empty(), change);
  }

  @Override
  public Release rollback(Namespace ns, int release, Change change) throws InterruptedException {
    return publishing.rollBack(ns, Optional.of(release), change);
  }

  @Override
  public void pin(Namespace ns, int release, Change change) throws InterruptedException {
    namespaces.pin(ns, release, true, change);
  }

  @Override
  public void unpin(Namespace ns, int release, Change change) throws InterruptedException {
    namespaces.pin(ns, release, false, change);
  }

  @Override
  public GrayRelease gray(Namespace ns, Content content, Audience audience, Change change)
      throws InterruptedException {
    GrayReleases.GraySource source = new GrayReleases.GraySource(content, DraftUse.NONE);
    return open(ns, grays.start(ns, null, source, Rollout.of(audience), change));
  }

  @Override
  public GrayRelease gray(Namespace ns, String name, Content content, Rollout plan, Change change)
      throws InterruptedException {
    ZkPath.requireName("name", name);
    GrayReleases.GraySource source = new GrayReleases.GraySource(content, DraftUse.NONE);
    return open(ns, grays.start(ns, name, source, plan, change));
  }

  @Override
  public GrayRelease gray(Draft draft, String name, Rollout plan, Change change)
      throws InterruptedException {
    ZkPath.requireName("name", name);
    Namespace ns = requireSaved(draft).namespace();
    GrayReleases.GraySource source = new GrayReleases.GraySource(draft.content(), use(draft));
    return open(ns, grays.start(ns, name, source, plan, change.onTopOf(draft.base())));
  }

  @Override
  public List<GrayRelease> grays(Namespace ns) throws InterruptedException {
    List<GrayRelease> open = new ArrayList<>();
    for (Map<String, String> stored : reader.present(ns).head().grays()) {
      GrayRule.read(stored).ifPresent(rule -> open.add(open(ns, rule)));
    }
    return List.copyOf(open);
  }

  @Override
  public Map<GrayRelease, GrayRelease.Status> grayStatuses(Namespace ns)
      throws InterruptedException {
    return grays.statuses(ns);
  }

  @Override
  public Optional<GrayRelease> gray(Namespace ns, String name) throws InterruptedException {
    return reader.present(ns).head().gray(name).map(rule -> open(ns, rule));
  }

  @Override
  public List<Instance> preview(Namespace ns, Audience audience) throws InterruptedException {
    return grays.preview(ns, audience);
  }

  @Override
  public List<InstanceReleaseStatus> instances(Namespace ns) throws InterruptedException {
    return reader.acks(ns);
  }

  @Override
  public List<Explained> explain(Namespace ns, String key, Instance instance)
      throws InterruptedException {
    return new ValueExplainer(reader).explain(ns, key, instance);
  }

  @Override
  public History history(Namespace ns) {
    return new ZkHistory(ns, reader, access.disclosure());
  }

  @Override
  public Drafts drafts(Namespace ns) {
    return draftsOf(ns);
  }

  @Override
  public Environments environments() {
    return new ZkEnvironments(this, access);
  }

  @Override
  public Maintenance maintenance() {
    return new ZkMaintenance(access, transitions, namespaces);
  }

  private Optional<ReleasePublisher.DraftContent> draftHolding(
      Namespace ns, Content content, int base, Policy policy) throws InterruptedException {
    ZkDrafts drafts = draftsOf(ns);
    return drafts
        .holding(content, base, policy)
        .map(draft -> new ReleasePublisher.DraftContent(draft.content(), drafts.use(draft)));
  }

  private ZkDrafts draftsOf(Namespace ns) {
    return new ZkDrafts(
        ns, reader, access.nodes(), access.sealer(), access.caller(), access.clock());
  }

  private Release publish(Namespace ns, ReleasePublisher.Order order, Change change)
      throws InterruptedException {
    Release release = publishing.publish(Map.of(ns, order), change).get(ns);
    return Objects.requireNonNull(release);
  }

  private static Draft requireSaved(Draft draft) {
    if (!draft.isSaved()) {
      throw new IllegalArgumentException("draft: " + draft + " was never saved (expected: saved)");
    }
    return draft;
  }

  private DraftUse use(Draft draft) {
    return draftsOf(draft.namespace()).use(draft);
  }

  private GrayRelease open(Namespace ns, GrayRule rule) {
    return new ZkGrayRelease(grays, ns, rule);
  }
}
