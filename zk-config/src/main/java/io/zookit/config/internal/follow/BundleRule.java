package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Head;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rule of which views can be tried: those whose bundles have come as a whole. Pure.
 *
 * <p>What was published together, a bundle, is tried together. A view is complete if every namespace of its bundles that is
 * followed here has reached the revision it has in the bundle, and all views that use that namespace are complete, too. A
 * namespace may already have a later release that waits for its own bundle: then its earlier one will not be tried any more,
 * so what was published together with that one waits with it.
 *
 * @param newest the newest release of each followed namespace; empty where none has come
 * @param pending the views that have something new
 */
record BundleRule(Map<Namespace, Optional<LoadedRelease>> newest, List<PendingView> pending) {

  /**
   * A view that has something new.
   *
   * @param used the namespaces that it uses: its own, and its layers
   * @param releases the releases that it would have
   */
  record PendingView(Namespace namespace, Set<Namespace> used, List<LoadedRelease> releases) {}

  /**
   * Answer for a view.
   *
   * @param late the namespaces that have not reached the revision of a bundle, as far as they were looked at
   */
  record Completeness(boolean complete, Set<Namespace> late) {}

  /** Tells if releases belong to no bundle, so that there is nothing to wait for. */
  static boolean areAlone(List<LoadedRelease> releases) {
    return releases.stream().allMatch(release -> release.head().bundle() == null);
  }

  /** Decides if the releases of a view can be tried. */
  Completeness of(Namespace view, List<LoadedRelease> releases) {
    Set<Namespace> late = new TreeSet<>();
    boolean complete = isComplete(view, releases, new HashSet<>(), late);
    return new Completeness(complete, Set.copyOf(late));
  }

  /** Decides for one view; {@code asked} are those that are taken as complete, since views ask each other. */
  private boolean isComplete(
      Namespace view, List<LoadedRelease> releases, Set<Namespace> asked, Set<Namespace> late) {
    if (!asked.add(view)) {
      return true;
    }
    for (LoadedRelease release : releases) {
      for (Map.Entry<String, Long> member : membersWith(release).entrySet()) {
        Namespace ns = Namespace.parse(member.getKey());
        Optional<LoadedRelease> known = newest.get(ns);
        if (known == null) {
          continue; // not followed here
        }
        if (known.isPresent() && known.get().head().revision() < member.getValue()) {
          late.add(ns);
          return false;
        }
        if (!areComplete(ns, asked, late)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean areComplete(Namespace ns, Set<Namespace> asked, Set<Namespace> late) {
    return pending.stream()
        .filter(view -> view.used().contains(ns))
        .allMatch(view -> isComplete(view.namespace(), view.releases(), asked, late));
  }

  private static Map<String, Long> membersWith(LoadedRelease release) {
    Head.Bundle bundle = release.head().bundle();
    return bundle == null ? Map.of() : bundle.revisions();
  }
}
