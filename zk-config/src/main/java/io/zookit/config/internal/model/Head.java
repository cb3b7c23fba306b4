package io.zookit.config.internal.model;

import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.gray.Instance;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.codec.UnreadableDataException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The one document that says what is in force; every change of a namespace is one compare-and-set of it.
 *
 * @param epoch rises when a state is restored that may be older than what clients know
 * @param revision rises by one with every change
 * @param lastRelease the greatest number given
 * @param grays the gray releases, first match wins; see {@link GrayRule}
 * @param pins releases that stay indefinitely
 * @param layers the public namespaces below this one, weakest first
 * @param releaseHash the hash of the manifest of {@code lastRelease}
 * @param auditHash the hash of the audit entry of {@code revision}
 * @param rider the stable release itself, when it is small and everybody is to have it; a reader may do without
 * @param limits what a release may flatten to, of the policy; null stands for the standard limits
 * @param acksAwaitedUntil when the caller that waits for the clients stops waiting, by the clock of the author; clients
 *     report at once while it is set. Null if no caller waits: they report within seconds
 */
public record Head(
    @Stored("epoch") long epoch,
    @Stored("revision") long revision,
    @Stored("lastRelease") int lastRelease,
    @Stored("state") State state,
    @Stored("stable") @Nullable ReleaseRef stable,
    @Stored("grays") List<Map<String, String>> grays,
    @Stored("candidate") @Nullable CandidateRelease candidate,
    @Stored("pins") List<Integer> pins,
    @Stored("layers") List<String> layers,
    @Stored("bundle") @Nullable Bundle bundle,
    @Stored("releaseHash") String releaseHash,
    @Stored("auditHash") String auditHash,
    @Stored("publishId") String publishId,
    @Stored("by") String by,
    @Stored("at") Instant at,
    @Stored("message") String message,
    @Stored("rider") @Nullable InlineRelease rider,
    @Stored("limits") @Nullable DocumentLimits limits,
    @Stored("acksBy") @Nullable Instant acksAwaitedUntil) {

  static final int MOST_BYTES = 16 * 1024;
  public static final int MOST_GRAYS = 16;

  /** Prefix of the rule of a selected gray release. */
  public static final String GRAY = "gray ";

  public static final RecordCodec<Head> CODEC = RecordCodec.of(Head.class, 1).withLimit(MOST_BYTES);
  private static final RecordCodec<Head> WITH_RELEASE = RecordCodec.of(Head.class, 1);

  /** Refuses layers that are not names of namespaces: they could not be followed. */
  public Head {
    layers.forEach(Namespace::parse);
  }

  /** State of a namespace. */
  public enum State {
    @Stored("ACTIVE")
    ACTIVE,
    @Stored("DELETED")
    DELETED,
    @Stored("PURGED")
    PURGED
  }

  /** A release that the clients vote on. */
  public record CandidateRelease(
      @Stored("release") ReleaseRef release,
      @Stored("deadline") Instant deadline) {}

  /** Namespaces that were changed together, each with the revision it then had. */
  public record Bundle(
      @Stored("id") String id, @Stored("revisions") Map<String, Long> revisions) {

    /** Refuses what names no namespace: it could not be followed. */
    public Bundle {
      revisions.keySet().forEach(Namespace::parse);
    }
  }

  /**
   * A release inside the head, which its own node has, too: it saves a client the second read.
   *
   * @param packed the compressed text in Base64, secrets sealed
   */
  public record InlineRelease(
      @Stored("manifest") Manifest manifest,
      @Stored("packed") String packed) {

    private static final int MOST_BYTES = 8 * 1024;
    private static final int MOST_TEXT = 16 * 1024;

    /** The rider of a release that is small enough; none of another. */
    public static @Nullable InlineRelease of(Manifest manifest, byte[] packed) {
      String text = Base64.getEncoder().encodeToString(packed);
      boolean small = manifest.blob() == null && manifest.size() <= MOST_TEXT;
      return small && text.length() <= MOST_BYTES ? new InlineRelease(manifest, text) : null;
    }

    /**
     * The release.
     *
     * @throws UnreadableDataException if it is damaged
     */
    public StoredRelease release() {
      try {
        return new StoredRelease(manifest, "", Base64.getDecoder().decode(packed));
      } catch (IllegalArgumentException e) {
        throw new UnreadableDataException(
            "release " + manifest.number() + " in the head: no Base64");
      }
    }
  }

  /** The release that an instance is to have. */
  public record Selection(ReleaseRef release, String rule, boolean unsupported) {}

  /** A copy under which nothing is stable. */
  public Head withoutStable() {
    return new Head(
        epoch,
        revision,
        lastRelease,
        state,
        null,
        grays,
        candidate,
        pins,
        layers,
        bundle,
        releaseHash,
        auditHash,
        publishId,
        by,
        at,
        message,
        null,
        limits,
        acksAwaitedUntil);
  }

  /** The first gray release whose rule admits the instance, else the stable one; empty when there is none. */
  public Optional<Selection> select(Namespace ns, Instance instance) {
    boolean unsupported = false;
    for (Map<String, String> stored : grays) {
      Optional<GrayRule> rule = GrayRule.read(stored);
      if (rule.isEmpty()) {
        unsupported = true;
      } else if (rule.get().admits(ns, instance)) {
        String name = GRAY + rule.get().name() + ": " + rule.get().match();
        return Optional.of(new Selection(rule.get().pointer(), name, unsupported));
      }
    }
    return stable == null
        ? Optional.empty()
        : Optional.of(new Selection(stable, "stable", unsupported));
  }

  /** The names of the open gray releases, those this version does not understand too. */
  public List<String> grayNames() {
    return grays.stream().map(stored -> stored.getOrDefault("name", "?")).toList();
  }

  public Optional<GrayRule> gray(String name) {
    return grays.stream()
        .filter(stored -> name.equals(stored.get("name")))
        .findFirst()
        .flatMap(GrayRule::read);
  }

  /** The release that rides here, if it is the one that is named. */
  public Optional<InlineRelease> rider(ReleaseRef pointer) {
    return Optional.ofNullable(rider).filter(each -> each.manifest().pointer().equals(pointer));
  }

  /** The same without its rider. */
  public Head alone() {
    if (rider == null) {
      return this;
    }
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
        by,
        at,
        message,
        null,
        limits,
        acksAwaitedUntil);
  }

  /** The limits of what a release of this namespace may flatten to for a reader. */
  public DocumentLimits most() {
    return limits == null ? DocumentLimits.standard() : limits;
  }

  /** The bytes of this head; the release inside is left out if both are too large. */
  public byte[] encoded() {
    if (rider == null) {
      return CODEC.encode(this);
    }
    byte[] whole = WITH_RELEASE.encode(this);
    return whole.length <= MOST_BYTES ? whole : CODEC.encode(alone());
  }

  public int stableNumber() {
    return stable == null ? 0 : stable.release();
  }

  /** Tells if this is older than something seen: such a head is not taken. */
  public boolean isOlderThan(long seenEpoch, long seenRevision) {
    return epoch < seenEpoch || (epoch == seenEpoch && revision < seenRevision);
  }

  /** The state of the namespace, as the API reports it. */
  public NamespaceState toNamespaceState(Namespace ns) {
    return new NamespaceState(
        ns,
        epoch,
        revision,
        lastRelease,
        state == State.DELETED,
        stable == null ? OptionalInt.empty() : OptionalInt.of(stable.release()),
        grays.stream().map(gray -> gray.getOrDefault("name", "")).toList(),
        candidate == null
            ? OptionalInt.empty()
            : OptionalInt.of(candidate.release().release()),
        pins,
        layers.stream().map(Namespace::parse).toList(),
        by,
        at,
        message);
  }
}
