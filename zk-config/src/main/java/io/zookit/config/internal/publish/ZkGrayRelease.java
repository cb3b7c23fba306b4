package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.GrayRelease;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.Head;
import io.zookit.core.internal.lane.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A gray release by name and number; it knows nothing that is not read again before each change. */
public final class ZkGrayRelease implements GrayRelease {

  private final GrayReleases grays;
  private final Namespace ns;
  private final String name;
  private final int release;

  public ZkGrayRelease(GrayReleases grays, Namespace ns, GrayRule rule) {
    this.grays = grays;
    this.ns = ns;
    this.name = rule.name();
    this.release = rule.pointer().release();
  }

  @Override
  public Namespace namespace() {
    return ns;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int release() {
    return release;
  }

  @Override
  public Status status() throws InterruptedException {
    Head head = grays.reader().present(ns).head();
    GrayRule rule = grays.present(ns, head, name, release);
    return status(ns, head, rule, grays.reader().acks(ns));
  }

  /**
   * Returns the state of a gray release by what was read.
   *
   * @param reports of all live instances of the namespace
   */
  static Status status(
      Namespace ns, Head head, GrayRule rule, List<InstanceReleaseStatus> reports) {
    int release = rule.pointer().release();
    List<Instance> matched = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    int applied = 0;
    for (InstanceReleaseStatus ack : reports) {
      boolean mine = head.select(ns, ack.instance())
          .filter(selected -> selected.release().equals(rule.pointer()))
          .isPresent();
      if (mine) {
        matched.add(ack.instance());
        applied += ack.release() == release && ack.status() == InstanceReleaseStatus.Status.APPLIED
            ? 1
            : 0;
        if (ack.offered() == release && ack.status() == InstanceReleaseStatus.Status.REJECTED) {
          rejected.add(ack.instance().id() + ": " + ack.reason());
        }
      }
    }
    return new Status(
        rule.step(),
        rule.steps().size(),
        Audience.parse(rule.match()),
        rule.paused(),
        rule.since(),
        List.copyOf(matched),
        applied,
        List.copyOf(rejected));
  }

  @Override
  public void widen(Audience audience, Change change) throws InterruptedException {
    grays.change(ns, name, release, History.Action.WIDEN, change, rule -> {
      List<String> steps = new ArrayList<>(rule.steps());
      steps.add(rule.step() + 1, audience.toString());
      return rule.toStep(
          rule.step() + 1, grays.widened(ns, rule, audience), List.copyOf(steps), grays.now());
    });
  }

  @Override
  public void pause(Change change) throws InterruptedException {
    grays.change(ns, name, release, History.Action.PAUSE, change, rule -> rule.withPaused(true));
  }

  @Override
  public void resume(Change change) throws InterruptedException {
    grays.change(ns, name, release, History.Action.RESUME, change, rule -> rule.withPaused(false));
  }

  @Override
  public Release promote(Change change) throws InterruptedException {
    return grays.promote(ns, name, release, change);
  }

  @Override
  public void abandon(Change change) throws InterruptedException {
    grays.abandon(ns, name, release, change);
  }

  @Override
  public Progress advance(BooleanSupplier healthy, Change change) throws InterruptedException {
    Status status = status();
    if (!status.rejected().isEmpty() || !healthy.getAsBoolean()) {
      String why = status.rejected().isEmpty() ? "not healthy" : "refused by " + status.rejected();
      abandon(change.because(why.substring(0, Math.min(why.length(), 1000))));
      return Progress.ABORTED;
    }
    GrayRule rule = grays.present(ns, grays.reader().present(ns).head(), name, release);
    boolean baked = !grays.now().isBefore(Timeouts.after(status.since(), rule.bake()));
    boolean applied =
        status.applied() * 100 >= rule.appliedPercent() * status.matched().size();
    if (status.paused() || !baked || !applied) {
      return Progress.HOLDING;
    }
    if (status.step() == status.steps() - 1) {
      promote(change);
      return Progress.PROMOTED;
    }
    step(status.step(), change);
    return Progress.STEPPED;
  }

  @Override
  public Progress drive(BooleanSupplier healthy, Duration interval, Change change)
      throws InterruptedException {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval: " + interval + " (expected: more than zero)");
    }
    while (true) {
      Progress progress = advance(healthy, change);
      if (progress == Progress.PROMOTED || progress == Progress.ABORTED) {
        return progress;
      }
      grays.reader().calls().pause(interval);
    }
  }

  /** Begins the next step unless another driver has done so. */
  private void step(int from, Change change) throws InterruptedException {
    grays.change(ns, name, release, History.Action.WIDEN, change, rule -> {
      if (rule.step() != from) {
        return rule;
      }
      Audience next = Audience.parse(rule.steps().get(from + 1));
      return rule.toStep(from + 1, grays.widened(ns, rule, next), rule.steps(), grays.now());
    });
  }

  @Override
  public String toString() {
    return ns + " gray " + name + " (" + release + ")";
  }
}
