package io.zookit.config.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.Change;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BundleRuleTest {

  private static final Namespace LIMITS = Namespace.of("prod", "shop", "limits");
  private static final Namespace PRICES = Namespace.of("prod", "shop", "prices");
  private static final Namespace BASE = Namespace.of("prod", "shared", "base");
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  @Test
  void of_releaseWithoutABundle_isComplete() {
    LoadedRelease alone = release(LIMITS, 1, Map.of());

    assertThat(BundleRule.areAlone(List.of(alone))).isTrue();
    assertThat(decide(LIMITS, alone).complete()).isTrue();
  }

  @Test
  void of_bundleWhoseOtherHalfIsLate_waitsForIt() {
    Map<Namespace, Long> bundle = Map.of(LIMITS, 5L, PRICES, 7L);
    LoadedRelease first = release(LIMITS, 5, bundle);

    BundleRule.Completeness found = decide(LIMITS, first, release(PRICES, 6, Map.of()));

    assertThat(BundleRule.areAlone(List.of(first))).isFalse();
    assertThat(found.complete()).isFalse();
    assertThat(found.late()).containsExactly(PRICES);
    assertThat(decide(LIMITS, first, release(PRICES, 7, bundle)).complete()).isTrue();
    assertThat(decide(PRICES, release(PRICES, 7, bundle), first).complete()).isTrue();
  }

  @Test
  void of_bundleWithANamespaceThatIsNotFollowedOrHasNothingYet_doesNotWait() {
    LoadedRelease release = release(LIMITS, 5, Map.of(LIMITS, 5L, PRICES, 7L));

    assertThat(decide(LIMITS, release).complete()).isTrue();
    Map<Namespace, Optional<LoadedRelease>> newest = new HashMap<>();
    newest.put(LIMITS, Optional.of(release));
    newest.put(PRICES, Optional.empty());
    assertThat(new BundleRule(newest, List.of()).of(LIMITS, List.of(release)).complete())
        .isTrue();
  }

  /** The other half has a later release already, which waits for a third namespace. */
  @Test
  void of_bundleWhoseOtherHalfWaitsForALaterBundle_waitsWithIt() {
    LoadedRelease limits = release(LIMITS, 5, Map.of(LIMITS, 5L, PRICES, 7L));
    LoadedRelease prices = release(PRICES, 8, Map.of(PRICES, 8L, BASE, 3L));

    BundleRule.Completeness found = decide(LIMITS, limits, prices, release(BASE, 2, Map.of()));

    assertThat(found.complete()).isFalse();
    assertThat(found.late()).containsExactly(BASE);
    LoadedRelease base = release(BASE, 3, Map.of(PRICES, 8L, BASE, 3L));
    assertThat(decide(LIMITS, limits, prices, base).complete()).isTrue();
  }

  /** A rule over namespaces that each have a view of their own. */
  private static BundleRule.Completeness decide(
      Namespace view, LoadedRelease release, LoadedRelease... others) {
    Map<Namespace, Optional<LoadedRelease>> newest = new TreeMap<>();
    newest.put(release.ns(), Optional.of(release));
    for (LoadedRelease other : others) {
      newest.put(other.ns(), Optional.of(other));
    }
    List<BundleRule.PendingView> pending = newest.values().stream()
        .flatMap(Optional::stream)
        .map(each -> new BundleRule.PendingView(each.ns(), Set.of(each.ns()), List.of(each)))
        .toList();
    return new BundleRule(newest, pending).of(view, List.of(release));
  }

  private static LoadedRelease release(Namespace ns, long revision, Map<Namespace, Long> bundle) {
    Head none = StoredHead.absent(1, revision, 1, AT).head();
    Map<String, Long> revisions = new TreeMap<>();
    bundle.forEach((member, at) -> revisions.put(member.toString(), at));
    Head head = new Head(
        none.epoch(),
        revision,
        1,
        Head.State.ACTIVE,
        null,
        List.of(),
        null,
        List.of(),
        List.of(),
        bundle.isEmpty() ? null : new Head.Bundle("b" + revisions, revisions),
        "",
        "",
        "p",
        Change.by("ana").author(),
        AT,
        "",
        null,
        null,
        null);
    return new LoadedRelease(ns, head, null, "stable", null);
  }
}
