package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.Content;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.Release;
import io.zookit.config.format.Format;
import io.zookit.config.internal.head.DraftUse;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.history.StableHistory;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.internal.zk.StoredConfigReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Makes contents stable: new ones, drafts, and those of earlier releases. */
public final class ReleasePublisher {

  /** The content of a draft, and what a change that publishes it does with the draft. */
  public record DraftContent(Content content, DraftUse use) {}

  /** Finds the draft that brings the approvals of a content which is published without one. */
  public interface DraftLookup {
    Optional<DraftContent> holding(Namespace ns, Content content, int base, Policy policy)
        throws InterruptedException;
  }

  /**
   * A content to be published.
   *
   * @param format of what is edited when there is nothing yet
   * @param edit the content, made of the stable one
   * @param onAnything whether it may be another release by then
   * @param use of the draft that it is made of
   */
  public record Order(
      Format format,
      UnaryOperator<Content> edit,
      boolean onAnything,
      Release.Kind kind,
      DraftUse use) {

    public static Order of(Content content, Release.Kind kind) {
      return of(content, kind, DraftUse.NONE);
    }

    public static Order of(Content content, Release.Kind kind, DraftUse use) {
      return new Order(content.format(), stable -> content, false, kind, use);
    }

    public static Order of(UnaryOperator<Content> edit) {
      return new Order(Format.PROPERTIES, edit, true, Release.Kind.PUBLISH, DraftUse.NONE);
    }
  }

  /** Base of a change, with the state that was seen when it began. */
  record Base(int number, Head seen, Optional<Content> stable) {}

  /** A content ready to be stored, and the draft that it is made of. */
  private record Prepared(PreparedContent body, DraftUse use) {}

  /** The present content and the one to publish, as far as they were read. */
  private record Sides(Optional<Content> stable, Optional<Content> mine) {}

  private final StoredConfigReader reader;
  private final HeadTransactions transitions;
  private final ReleaseBuilder maker;
  private final Sealer sealer;
  private final ContentValidators checks;
  private final DraftLookup drafts;
  private final Supplier<Instant> clock;

  public ReleasePublisher(
      StoredConfigReader reader,
      HeadTransactions transitions,
      ReleaseBuilder maker,
      Sealer sealer,
      ContentValidators checks,
      DraftLookup drafts,
      Supplier<Instant> clock) {
    this.reader = reader;
    this.transitions = transitions;
    this.maker = maker;
    this.sealer = sealer;
    this.checks = checks;
    this.drafts = drafts;
    this.clock = clock;
  }

  /** Publishes several contents in one transaction, or none of them. */
  public Map<Namespace, Release> publish(Map<Namespace, Order> orders, Change change)
      throws InterruptedException {
    if (orders.isEmpty()) {
      throw new IllegalArgumentException("contents: none (expected: at least one)");
    }
    Map<Namespace, Order> sorted = new TreeMap<>(orders);
    Map<Namespace, Base> bases = new HashMap<>();
    Set<Namespace> seen = new HashSet<>();
    return transitions.run(change, publishId -> plan(sorted, change, bases, seen, publishId));
  }

  /** Publishes the content of an earlier release again. */
  public Release rollBack(Namespace ns, Optional<Integer> target, Change change)
      throws InterruptedException {
    Map<Namespace, Base> bases = new HashMap<>();
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      requirePublishable(ns, stored.head(), change);
      requireBase(ns, stored.head(), change, bases, Optional.empty());
      int number =
          target.isPresent() ? target.get() : new StableHistory(reader, ns).back(stored.head(), 1);
      StoredRelease source = reader.presentRelease(ns, number);
      byte[] packed = reader.packed(ns.env(), source);
      checks.requireReadable(ns, reader.policy(ns).policy(), Content.of(source.open(packed)));
      PreparedContent body = PreparedContent.of(source.manifest(), packed);
      if (body.isSameAs(stored.head())) {
        return new HeadTransactions.ChangePlan<>(
            PublishPlan.endingGrays(ns, stored, change).stream().toList(),
            stable(ns, stored.head()));
      }
      ReleaseBuilder.Cause cause =
          new ReleaseBuilder.Cause(Release.Kind.ROLLBACK, number, change, publishId, 1);
      ReleaseBuilder.Made made = maker.make(ns, stored.head(), body, cause);
      HeadChange move = PublishPlan.toStable(ns, stored, made, History.Action.ROLLBACK)
          .called("to release " + number)
          .abortGrays(change);
      return HeadTransactions.ChangePlan.of(move, made.manifest().toRelease(ns));
    });
  }

  /** A content sealed and checked against policy and validators. */
  PreparedContent prepare(Namespace ns, Head head, Policy policy, Content content)
      throws InterruptedException {
    return prepare(ns, policy, content, reader.stable(ns, head, content.format()));
  }

  private PreparedContent prepare(Namespace ns, Policy policy, Content content, Content stable)
      throws InterruptedException {
    Content sealed = sealer.seal(ns, policy, content, stable);
    checks.require(ns, policy, sealed);
    return PreparedContent.of(sealed);
  }

  /** Refuses what the state of a namespace does not allow. */
  public void requirePublishable(Namespace ns, Head head, Change change)
      throws InterruptedException {
    PublishPlan.requirePublishable(ns, head, reader.policy(ns).policy(), change, clock.get());
  }

  /** Throws a conflict if another release became stable since this call began, or since its base. */
  void requireBase(
      Namespace ns, Head head, Change change, Map<Namespace, Base> bases, Optional<Content> mine)
      throws InterruptedException {
    requireBase(ns, head, change, bases, new Sides(Optional.empty(), mine));
  }

  private void requireBase(
      Namespace ns, Head head, Change change, Map<Namespace, Base> bases, Sides sides)
      throws InterruptedException {
    Base base = bases.computeIfAbsent(
        ns, first -> new Base(change.base().orElse(head.stableNumber()), head, sides.stable()));
    if (base.number() != head.stableNumber()) {
      throw conflict(ns, base, head, sides);
    }
  }

  private HeadTransactions.ChangePlan<Map<Namespace, Release>> plan(
      Map<Namespace, Order> orders,
      Change change,
      Map<Namespace, Base> bases,
      Set<Namespace> seen,
      String publishId)
      throws InterruptedException {
    List<HeadChange> moves = new ArrayList<>();
    Map<Namespace, Release> results = new LinkedHashMap<>();
    for (Map.Entry<Namespace, Order> each : orders.entrySet()) {
      Namespace ns = each.getKey();
      Order order = each.getValue();
      StoredConfigReader.Situation now = reader.situation(ns, !seen.add(ns));
      StoredHead stored = now.head();
      PublishPlan.requirePublishable(ns, stored.head(), now.policy(), change, clock.get());
      Prepared prepared = prepare(ns, now, order, change, bases);
      PreparedContent body = prepared.body();
      if (body.isSameAs(stored.head())) {
        PublishPlan.endingGrays(ns, stored, change).ifPresent(moves::add);
        results.put(ns, stable(ns, stored.head()));
        continue;
      }
      ReleaseBuilder.Cause cause =
          new ReleaseBuilder.Cause(order.kind(), null, change, publishId, orders.size());
      ReleaseBuilder.Made made = maker.make(ns, stored.head(), body, cause);
      moves.add(PublishPlan.toStable(ns, stored, made, PublishPlan.actionOf(order.kind()))
          .with(prepared.use().ops())
          .signed(prepared.use())
          .under(now.policy())
          .abortGrays(change));
      results.put(ns, made.manifest().toRelease(ns));
    }
    return new HeadTransactions.ChangePlan<>(PublishPlan.together(publishId, moves), results);
  }

  private Prepared prepare(
      Namespace ns,
      StoredConfigReader.Situation now,
      Order order,
      Change change,
      Map<Namespace, Base> bases)
      throws InterruptedException {
    Head head = now.head().head();
    Content stable = reader.stable(ns, head, order.format());
    Content mine = order.edit().apply(stable);
    if (!order.onAnything() || change.base().isPresent()) {
      requireBase(ns, head, change, bases, new Sides(Optional.of(stable), Optional.of(mine)));
    }
    Optional<DraftContent> same = order.use() == DraftUse.NONE && now.policy().approvals() > 0
        ? drafts.holding(ns, mine, head.stableNumber(), now.policy())
        : Optional.empty();
    if (same.isPresent()) {
      PreparedContent approved = prepare(ns, now.policy(), same.get().content(), stable);
      return new Prepared(approved, same.get().use());
    }
    order.use().guard().check();
    return new Prepared(prepare(ns, now.policy(), mine, stable), order.use());
  }

  private Release stable(Namespace ns, Head head) throws InterruptedException {
    return reader.presentRelease(ns, head.stableNumber()).manifest().toRelease(ns);
  }

  private ConfigConflictException conflict(Namespace ns, Base rested, Head head, Sides sides)
      throws InterruptedException {
    Format format = sides.mine().map(Content::format).orElse(Format.TEXT);
    Content now =
        sides.stable().isPresent() ? sides.stable().get() : reader.stable(ns, head, format);
    Content was = before(ns, rested, now.format());
    String from = "@" + rested.number();
    return new ConfigConflictException(
        ns,
        rested.number(),
        head.stableNumber(),
        () -> Sealer.difference(from, was, "mine", sides.mine().orElse(was)),
        () -> Sealer.difference(from, was, "@stable", now));
  }

  private Content before(Namespace ns, Base rested, Format format) throws InterruptedException {
    if (rested.number() == rested.seen().stableNumber()) {
      return rested.stable().isPresent()
          ? rested.stable().get()
          : reader.stable(ns, rested.seen(), format);
    }
    return reader.content(ns, rested.number(), format);
  }
}
