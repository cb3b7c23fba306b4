package io.zookit.config.internal.head;

import io.zookit.config.Change;
import io.zookit.config.Policy;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.core.internal.lane.Timeouts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The next head: the present one with a few fields changed. Immutable: each method returns a copy.
 *
 * <p>What was published together stays so until there is another stable release, a deletion or another epoch.
 */
public final class HeadUpdate {

  private final long epoch;
  private final long revision;
  private List<Map<String, String>> grays;
  private List<Integer> pins;
  private int lastRelease;
  private Head.State state;
  private @Nullable ReleaseRef stable;
  private Head.@Nullable CandidateRelease candidate;
  private List<String> layers;
  private Head.@Nullable Bundle bundle;
  private String releaseHash;
  private Head.@Nullable InlineRelease rider;
  private @Nullable DocumentLimits limits;
  private final @Nullable Instant acksAwaitedUntil;

  private HeadUpdate(Head from, long epoch, long revision) {
    this.epoch = epoch;
    this.revision = revision;
    this.lastRelease = from.lastRelease();
    this.state = from.state();
    this.stable = from.stable();
    this.grays = List.copyOf(from.grays());
    this.candidate = from.candidate();
    this.pins = List.copyOf(from.pins());
    this.layers = from.layers();
    this.bundle = epoch == from.epoch() ? from.bundle() : null;
    this.releaseHash = from.releaseHash();
    this.rider = from.rider();
    this.limits = from.limits();
    this.acksAwaitedUntil = from.acksAwaitedUntil();
  }

  private HeadUpdate(HeadUpdate from) {
    this.epoch = from.epoch;
    this.revision = from.revision;
    this.lastRelease = from.lastRelease;
    this.state = from.state;
    this.stable = from.stable;
    this.grays = from.grays;
    this.candidate = from.candidate;
    this.pins = from.pins;
    this.layers = from.layers;
    this.bundle = from.bundle;
    this.releaseHash = from.releaseHash;
    this.rider = from.rider;
    this.limits = from.limits;
    this.acksAwaitedUntil = from.acksAwaitedUntil;
  }

  public static HeadUpdate of(Head from) {
    return new HeadUpdate(from, from.epoch(), from.revision() + 1);
  }

  /** Goes on behind everything that was ever written, under a new epoch. */
  public static HeadUpdate ofNewEpoch(Head from, long epoch, long traces) {
    return new HeadUpdate(from, epoch, Math.max(from.revision(), traces) + 1);
  }

  public long epoch() {
    return epoch;
  }

  public long revision() {
    return revision;
  }

  /** Tells if clients that have what a head says would get anything else. */
  public boolean changesWhatIsInForce(Head before) {
    return before.state() != state
        || !Objects.equals(before.stable(), stable)
        || !before.grays().equals(grays)
        || !before.layers().equals(layers);
  }

  private static List<Integer> with(List<Integer> pins, int release) {
    List<Integer> more = new ArrayList<>(pins);
    if (!more.contains(release)) {
      more.add(release);
    }
    return List.copyOf(more);
  }

  public HeadUpdate stable(ReleaseRef pointer) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.stable = pointer;
    copy.bundle = null;
    return copy;
  }

  /** Lets the stable release ride along, while all are to have it. */
  public HeadUpdate rider(Head.@Nullable InlineRelease next) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.rider = next;
    return copy;
  }

  public HeadUpdate noStable() {
    HeadUpdate copy = new HeadUpdate(this);
    copy.stable = null;
    copy.bundle = null;
    return copy;
  }

  public HeadUpdate newRelease(Manifest manifest, String hash) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.lastRelease = manifest.number();
    copy.releaseHash = hash;
    return copy;
  }

  public HeadUpdate state(Head.State next) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.bundle = next == state ? bundle : null;
    copy.state = next;
    return copy;
  }

  public HeadUpdate candidate(Head.@Nullable CandidateRelease next) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.candidate = next;
    return copy;
  }

  /** Takes over what readers need of a policy. */
  public HeadUpdate policy(Policy policy) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.layers = List.copyOf(policy.layers());
    copy.limits = policy.limits().equals(DocumentLimits.standard()) ? null : policy.limits();
    return copy;
  }

  public HeadUpdate bundle(Head.@Nullable Bundle next) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.bundle = next;
    return copy;
  }

  public HeadUpdate pin(int release) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.pins = with(pins, release);
    return copy;
  }

  public HeadUpdate unpin(int release) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.pins = pins.stream().filter(pinned -> pinned != release).toList();
    return copy;
  }

  /** Replaces the rule of that name, or adds it behind the others. */
  public HeadUpdate gray(GrayRule rule) {
    List<Map<String, String>> next = new ArrayList<>(grays);
    next.replaceAll(stored -> rule.name().equals(stored.get("name")) ? rule.stored() : stored);
    if (next.equals(grays) && !next.contains(rule.stored())) {
      next.add(rule.stored());
    }
    HeadUpdate copy = new HeadUpdate(this);
    copy.grays = List.copyOf(next);
    return copy;
  }

  public HeadUpdate withoutGray(String name) {
    HeadUpdate copy = new HeadUpdate(this);
    copy.grays =
        grays.stream().filter(stored -> !name.equals(stored.get("name"))).toList();
    return copy;
  }

  public HeadUpdate withoutGrays() {
    HeadUpdate copy = new HeadUpdate(this);
    copy.grays = List.of();
    return copy;
  }

  /** An instance that may have another release, or none, reads it from its node. */
  private Head.@Nullable InlineRelease riding() {
    boolean forAll = state == Head.State.ACTIVE && grays.isEmpty() && candidate == null;
    return forAll && rider != null && rider.manifest().pointer().equals(stable) ? rider : null;
  }

  /** The caller of an earlier change may wait on, for what clients have applied is what is in force by now. */
  private @Nullable Instant acksAwaitedUntil(Change change, Instant at) {
    Instant before = acksAwaitedUntil;
    Instant mine = change.promptAcks().map(within -> Timeouts.after(at, within)).orElse(at);
    Instant last = before == null || before.isBefore(mine) ? mine : before;
    return last.isAfter(at) ? last : null;
  }

  public Head build(String publishId, Change change, Instant at, String auditHash) {
    return new Head(
        epoch,
        revision,
        lastRelease,
        state,
        stable,
        grays,
        candidate,
        pins,
        layers,
        bundle,
        releaseHash,
        auditHash,
        publishId,
        change.author(),
        at,
        change.message(),
        riding(),
        limits,
        acksAwaitedUntil(change, at));
  }
}
