package io.zookit.config;

import io.zookit.config.gray.Instance;
import io.zookit.core.internal.RecordCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one document that says what is in force; every change of a namespace is one compare-and-set of it.
 *
 * @param epoch rises when a state is restored that may be older than what clients know
 * @param revision rises by one with every change
 * @param lastRelease the greatest number given
 * @param grays the gray releases, first match wins; see {@link GrayRule}
 * @param pins releases that stay for ever
 * @param layers the public namespaces below this one, weakest first
 * @param releaseHash the hash of the manifest of {@code lastRelease}
 * @param auditHash the hash of the audit entry of {@code revision}
 */
record Head(
    long epoch,
    long revision,
    int lastRelease,
    State state,
    @Nullable Pointer stable,
    List<Map<String, String>> grays,
    @Nullable Candidate candidate,
    List<Integer> pins,
    List<String> layers,
    @Nullable Bundle bundle,
    String releaseHash,
    String auditHash,
    String publishId,
    String by,
    Instant at,
    String message) {

  static final int MOST_BYTES = 16 * 1024;
  static final int MOST_GRAYS = 16;
  static final RecordCodec<Head> CODEC = RecordCodec.of(Head.class, 1).withLimit(MOST_BYTES);

  /** Whether the namespace is there. */
  enum State {
    ACTIVE,
    DELETED,
    PURGED
  }

  /** A release that the clients are asked about. */
  record Candidate(Pointer release, Instant deadline) {}

  /** Namespaces that were changed together, each with the revision it then had. */
  record Bundle(String id, Map<String, Long> revisions) {}

  /** What an instance is to have. */
  record Selection(Pointer release, String rule, boolean unsupported) {}

  /** The first gray release whose rule admits the instance, else the stable one; empty when there is none. */
  Optional<Selection> select(Namespace ns, Instance instance) {
    boolean unsupported = false;
    for (Map<String, String> stored : grays) {
      Optional<GrayRule> rule = GrayRule.read(stored);
      if (rule.isEmpty()) {
        unsupported = true;
      } else if (rule.get().admits(ns, instance)) {
        String name = "gray " + rule.get().name() + ": " + rule.get().match();
        return Optional.of(new Selection(rule.get().pointer(), name, unsupported));
      }
    }
    return stable == null
        ? Optional.empty()
        : Optional.of(new Selection(stable, "stable", unsupported));
  }

  Optional<GrayRule> gray(String name) {
    return grays.stream()
        .filter(stored -> name.equals(stored.get("name")))
        .findFirst()
        .flatMap(GrayRule::read);
  }

  int stableNumber() {
    return stable == null ? 0 : stable.release();
  }

  /** Whether this is older than something seen: such a head is not taken. */
  boolean isOlderThan(long seenEpoch, long seenRevision) {
    return epoch < seenEpoch || (epoch == seenEpoch && revision < seenRevision);
  }
}
