package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.Content;
import io.zookit.config.GrayRelease;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.AudienceMatcher;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.head.DraftUse;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.internal.zk.StoredConfigReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts and changes gray releases: each step is one compare-and-set of the head. */
public final class GrayReleases {

  /** Content of a new gray release, with its draft. */
  public record GraySource(Content content, DraftUse use) {}

  private final StoredConfigReader reader;
  private final HeadTransactions transitions;
  private final ReleaseBuilder maker;
  private final ReleasePublisher publishing;
  private final Supplier<Instant> clock;

  public GrayReleases(
      StoredConfigReader reader,
      HeadTransactions transitions,
      ReleaseBuilder maker,
      ReleasePublisher publishing,
      Supplier<Instant> clock) {
    this.reader = reader;
    this.transitions = transitions;
    this.maker = maker;
    this.publishing = publishing;
    this.clock = clock;
  }

  StoredConfigReader reader() {
    return reader;
  }

  Instant now() {
    return clock.get();
  }

  /** The gray releases of a namespace with their states, in the order in which they are tried. */
  public Map<GrayRelease, GrayRelease.Status> statuses(Namespace ns) throws InterruptedException {
    Head head = reader.present(ns).head();
    List<GrayRule> rules =
        head.grays().stream().flatMap(stored -> GrayRule.read(stored).stream()).toList();
    List<InstanceReleaseStatus> reports = rules.isEmpty() ? List.of() : reader.acks(ns);
    Map<GrayRelease, GrayRelease.Status> statuses = new LinkedHashMap<>();
    for (GrayRule rule : rules) {
      statuses.put(
          new ZkGrayRelease(this, ns, rule), ZkGrayRelease.status(ns, head, rule, reports));
    }
    return Collections.unmodifiableMap(statuses);
  }

  /** Starts a gray release; without a name it is called by its number. */
  public GrayRule start(
      Namespace ns, @Nullable String name, GraySource source, Rollout plan, Change change)
      throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      Head head = stored.head();
      requireStartable(ns, stored, name, source.content(), change);
      source.use().guard().check();
      PreparedContent body =
          publishing.prepare(ns, head, reader.policy(ns).policy(), source.content());
      if (body.isSameAs(head)) {
        throw new ConfigRefusedException(ns, "the content is the stable one; nothing to try");
      }
      AudienceMatcher gate = first(ns, head, plan.steps().get(0), live(ns));
      ReleaseBuilder.Cause cause =
          new ReleaseBuilder.Cause(Release.Kind.PUBLISH, null, change, publishId, 1);
      ReleaseBuilder.Made made = maker.make(ns, head, body, cause);
      GrayRule rule = rule(name, made.manifest(), gate, plan);
      HeadUpdate edit =
          HeadUpdate.of(head).newRelease(made.manifest(), made.hash()).gray(rule);
      return HeadTransactions.ChangePlan.of(
          HeadChange.of(ns, stored, edit, History.Action.GRAY)
              .about(made.manifest().number())
              .with(made.ops())
              .with(source.use().ops())
              .signed(source.use()),
          rule);
    });
  }

  /** The live instances that would get a release started now. */
  public List<Instance> preview(Namespace ns, Audience audience) throws InterruptedException {
    List<Instance> live = live(ns);
    AudienceMatcher gate = first(ns, reader.present(ns).head(), audience, live);
    return live.stream().filter(gate::admits).toList();
  }

  /** The salt is the number of the release, so that the instances that get it are known before. */
  private static AudienceMatcher first(
      Namespace ns, Head head, Audience audience, List<Instance> live) {
    return AudienceMatcher.measured(
        audience, ns.toString(), Integer.toString(head.lastRelease() + 1), live);
  }

  /** Changes the rule of a gray release that is still there. */
  GrayRule change(
      Namespace ns, String name, int release, History.Action action, Change change, Step step)
      throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      GrayRule rule = present(ns, stored.head(), name, release);
      GrayRule next = step.next(rule);
      HeadUpdate edit = HeadUpdate.of(stored.head()).gray(next);
      HeadChange move = HeadChange.of(ns, stored, edit, action)
          .about(release)
          .onTrial(release)
          .called(title(name, release) + " to " + next.match());
      return HeadTransactions.ChangePlan.of(move, next);
    });
  }

  /** Computes the next rule. */
  interface Step {
    GrayRule next(GrayRule rule) throws InterruptedException;
  }

  void abandon(Namespace ns, String name, int release, Change change) throws InterruptedException {
    transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      present(ns, stored.head(), name, release);
      HeadUpdate edit = HeadUpdate.of(stored.head()).withoutGray(name);
      return HeadTransactions.ChangePlan.of(
          HeadChange.of(ns, stored, edit, History.Action.ABANDON).about(release), true);
    });
  }

  Release promote(Namespace ns, String name, int release, Change change)
      throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      present(ns, stored.head(), name, release);
      publishing.requirePublishable(ns, stored.head(), change.allowOpenGrays());
      StoredRelease source = reader.presentRelease(ns, release);
      requireBase(ns, stored.head(), source.manifest(), change);
      PreparedContent body = PreparedContent.of(source.manifest(), reader.packed(ns.env(), source));
      ReleaseBuilder.Cause cause =
          new ReleaseBuilder.Cause(Release.Kind.PROMOTE, release, change, publishId, 1);
      ReleaseBuilder.Made made = maker.make(ns, stored.head(), body, cause);
      HeadChange move = PublishPlan.toStable(ns, stored, made, History.Action.PROMOTE)
          .updating(update -> update.withoutGray(name))
          .onTrial(release)
          .called(title(name, release));
      return HeadTransactions.ChangePlan.of(move, made.manifest().toRelease(ns));
    });
  }

  private static String title(String name, int release) {
    return "gray release " + name + " (" + release + ")";
  }

  GrayRule present(Namespace ns, Head head, String name, int release) {
    Optional<GrayRule> rule = head.gray(name);
    if (rule.isEmpty() || rule.get().pointer().release() != release) {
      throw new ConfigNotFoundException(ns, "gray release " + name + " (" + release + ")");
    }
    return rule.get();
  }

  /** The next matcher of a rule: it admits all instances that the present one does. */
  AudienceMatcher widened(Namespace ns, GrayRule rule, Audience audience)
      throws InterruptedException {
    List<Instance> live = live(ns);
    AudienceMatcher now = rule.gate(ns);
    AudienceMatcher wider = AudienceMatcher.measured(audience, ns.toString(), rule.salt(), live);
    if (audience.isCounted() && !wider.isAtLeast(now)) {
      wider = new AudienceMatcher(audience, ns.toString(), rule.salt(), now.threshold());
    }
    if (!wider.isAtLeast(now)) {
      throw new IllegalArgumentException(
          "audience: " + audience + " (expected: at least the dose of " + rule.match() + ")");
    }
    for (Instance instance : live) {
      if (now.admits(instance) && !wider.admits(instance)) {
        throw new IllegalArgumentException("audience: " + audience + " leaves out " + instance.id()
            + " (expected: everybody who has the release already)");
      }
    }
    return wider;
  }

  List<Instance> live(Namespace ns) throws InterruptedException {
    return reader.acks(ns).stream().map(InstanceReleaseStatus::instance).toList();
  }

  private void requireStartable(
      Namespace ns, StoredHead stored, @Nullable String name, Content content, Change change)
      throws InterruptedException {
    Head head = stored.head();
    publishing.requirePublishable(ns, stored.head(), change.allowOpenGrays());
    publishing.requireBase(ns, head, change, new java.util.HashMap<>(), Optional.of(content));
    if (head.stable() == null) {
      throw new ConfigRefusedException(ns, "there is no stable release to compare with");
    }
    if (head.grays().size() >= Head.MOST_GRAYS) {
      throw new ConfigRefusedException(ns, Head.MOST_GRAYS + " gray releases are open");
    }
    if (name != null && head.grays().stream().anyMatch(each -> name.equals(each.get("name")))) {
      throw new ConfigRefusedException(ns, "a gray release " + name + " is open");
    }
  }

  /** A promotion must not undo what was published while the gray release was open. */
  private void requireBase(Namespace ns, Head head, Manifest gray, Change change)
      throws InterruptedException {
    int base = change.base().orElse(gray.parent() == null ? 0 : gray.parent());
    if (base != head.stableNumber()) {
      Content was = reader.content(ns, base);
      Content mine = reader.content(ns, gray.number());
      Content stable = reader.content(ns, head.stableNumber());
      throw new ConfigConflictException(
          ns,
          base,
          head.stableNumber(),
          () -> Sealer.difference("@" + base, was, "gray", mine),
          () -> Sealer.difference("@" + base, was, "@stable", stable));
    }
  }

  private GrayRule rule(
      @Nullable String name, Manifest manifest, AudienceMatcher gate, Rollout plan) {
    List<String> steps = new ArrayList<>();
    plan.steps().forEach(step -> steps.add(step.toString()));
    return new GrayRule(
        name == null ? "g" + manifest.number() : name,
        manifest.pointer(),
        gate.audience().toString(),
        gate.salt(),
        gate.threshold(),
        0,
        false,
        clock.get(),
        List.copyOf(steps),
        plan.bake(),
        plan.appliedPercent());
  }
}
