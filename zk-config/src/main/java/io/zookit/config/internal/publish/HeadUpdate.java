package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.Policy;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The next head in the making: a copy of the present one with a few fields changed. Used once, by one thread.
 *
 * <p>What was published together stays so until there is another stable release, a deletion or another epoch.
 */
public final class HeadUpdate {

  private final long epoch;
  private final long revision;
  private final List<Map<String, String>> grays;
  private final List<Integer> pins;
  private int lastRelease;
  private Head.State state;
  private @Nullable ReleaseRef stable;
  private Head.@Nullable CandidateRelease candidate;
  private List<String> layers;
  private Head.@Nullable Bundle bundle;
  private String releaseHash;
  private Head.@Nullable InlineRelease rider;
  private @Nullable DocumentLimits limits;

  private HeadUpdate(Head from, long epoch, long revision) {
    this.epoch = epoch;
    this.revision = revision;
    this.lastRelease = from.lastRelease();
    this.state = from.state();
    this.stable = from.stable();
    this.grays = new ArrayList<>(from.grays());
    this.candidate = from.candidate();
    this.pins = new ArrayList<>(from.pins());
    this.layers = from.layers();
    this.bundle = epoch == from.epoch() ? from.bundle() : null;
    this.releaseHash = from.releaseHash();
    this.rider = from.rider();
    this.limits = from.limits();
  }

  public static HeadUpdate of(Head from) {
    return new HeadUpdate(from, from.epoch(), from.revision() + 1);
  }

  /** Goes on behind everything that was ever written, under a new epoch. */
  public static HeadUpdate ofNewEpoch(Head from, long epoch, long traces) {
    return new HeadUpdate(from, epoch, Math.max(from.revision(), traces) + 1);
  }

  long revision() {
    return revision;
  }

  public HeadUpdate stable(ReleaseRef pointer) {
    stable = pointer;
    bundle = null;
    return this;
  }

  /** Lets the stable release ride along, while all are to have it. */
  public HeadUpdate rider(Head.@Nullable InlineRelease next) {
    rider = next;
    return this;
  }

  HeadUpdate noStable() {
    stable = null;
    bundle = null;
    return this;
  }

  public HeadUpdate newRelease(Manifest manifest, String hash) {
    lastRelease = manifest.number();
    releaseHash = hash;
    return this;
  }

  public HeadUpdate state(Head.State next) {
    bundle = next == state ? bundle : null;
    state = next;
    return this;
  }

  public HeadUpdate candidate(Head.@Nullable CandidateRelease next) {
    candidate = next;
    return this;
  }

  /** Takes over what readers need of a policy. */
  HeadUpdate policy(Policy policy) {
    layers = List.copyOf(policy.layers());
    limits = policy.limits().equals(DocumentLimits.standard()) ? null : policy.limits();
    return this;
  }

  HeadUpdate bundle(Head.@Nullable Bundle next) {
    bundle = next;
    return this;
  }

  HeadUpdate pin(int release) {
    if (!pins.contains(release)) {
      pins.add(release);
    }
    return this;
  }

  HeadUpdate unpin(int release) {
    pins.remove(Integer.valueOf(release));
    return this;
  }

  /** Replaces the rule of that name, or adds it behind the others. */
  HeadUpdate gray(GrayRule rule) {
    for (int i = 0; i < grays.size(); i++) {
      if (rule.name().equals(grays.get(i).get("name"))) {
        grays.set(i, rule.stored());
        return this;
      }
    }
    grays.add(rule.stored());
    return this;
  }

  HeadUpdate withoutGray(String name) {
    grays.removeIf(stored -> name.equals(stored.get("name")));
    return this;
  }

  HeadUpdate withoutGrays() {
    grays.clear();
    return this;
  }

  /** Whoever may have another release, or none, reads it where it is. */
  private Head.@Nullable InlineRelease riding() {
    boolean forAll = state == Head.State.ACTIVE && grays.isEmpty() && candidate == null;
    return forAll && rider != null && rider.manifest().pointer().equals(stable) ? rider : null;
  }

  public Head build(String publishId, Change change, Instant at, String auditHash) {
    return new Head(
        epoch,
        revision,
        lastRelease,
        state,
        stable,
        List.copyOf(grays),
        candidate,
        List.copyOf(pins),
        layers,
        bundle,
        releaseHash,
        auditHash,
        publishId,
        change.author(),
        at,
        change.message(),
        riding(),
        limits);
  }
}
