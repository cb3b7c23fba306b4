package io.zookit.registry.internal.selection;

import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The list that listeners were last notified of, and its differences to the next. Pure; used by one thread at a time.
 */
final class ChangeDiff {

  /** From one list to another, with the differences that are known without comparing them. */
  private record Step(
      List<ServiceInstance> before,
      List<ServiceInstance> after,
      List<InstanceChange> differences) {}

  private List<ServiceInstance> told = List.of();
  private @Nullable Step step;

  /**
   * One list was made from another by a patch.
   *
   * @param changes what is known to have happened, one for each place of the patch
   */
  void patched(
      SortedListPatch patch,
      List<ServiceInstance> before,
      List<ServiceInstance> after,
      List<InstanceChange> changes) {
    List<InstanceChange> differences = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Optional<ServiceInstance> was = patch.before(before, i);
      InstanceChange change = changes.get(i);
      add(differences, change.id(), was.orElse(null), change.after(), change.cause());
    }
    step = new Step(before, after, differences);
  }

  /**
   * Returns the differences to the list that listeners were last notified of.
   *
   * @param shown in the order of the ids
   * @param changes the changes that are known to have happened
   */
  List<InstanceChange> changesTo(List<ServiceInstance> shown, Collection<InstanceChange> changes) {
    List<ServiceInstance> before = told;
    Step known = step;
    told = shown;
    step = null;
    if (known != null && known.before == before && known.after == shown) {
      return known.differences;
    }
    if (before.isEmpty() && isAllOf(shown, changes)) {
      return List.copyOf(changes);
    }
    return compared(before, shown, changes);
  }

  private static List<InstanceChange> compared(
      List<ServiceInstance> told, List<ServiceInstance> shown, Collection<InstanceChange> changes) {
    Map<String, ChangeCause> causes = new HashMap<>();
    changes.forEach(change -> causes.put(change.id(), change.cause()));
    List<InstanceChange> differences = new ArrayList<>();
    int old = 0;
    int now = 0;
    while (old < told.size() || now < shown.size()) {
      int order = order(told, old, shown, now);
      ServiceInstance before = order <= 0 ? told.get(old++) : null;
      ServiceInstance after = order >= 0 ? shown.get(now++) : null;
      ServiceInstance either = before == null ? after : before;
      if (either != null) {
        add(differences, either.id(), before, after, causes.get(either.id()));
      }
    }
    return differences;
  }

  /** Tells if the changes add what is shown, and nothing else: so it is with the first view. */
  private static boolean isAllOf(List<ServiceInstance> shown, Collection<InstanceChange> changes) {
    return changes.size() == shown.size()
        && changes.stream().allMatch(each -> each.before() == null && each.after() != null);
  }

  /**
   * Compares the next old instance with the next new one: negative if the old one comes first, positive if the new one
   * does.
   */
  private static int order(
      List<ServiceInstance> told, int old, List<ServiceInstance> shown, int now) {
    if (old == told.size() || now == shown.size()) {
      return old == told.size() ? 1 : -1;
    }
    return told.get(old).id().compareTo(shown.get(now).id());
  }

  private static void add(
      List<InstanceChange> differences,
      String id,
      @Nullable ServiceInstance before,
      @Nullable ServiceInstance after,
      @Nullable ChangeCause known) {
    boolean again = known == ChangeCause.REPLACED || known == ChangeCause.REGISTERED;
    if (!Objects.equals(before, after) || (again && after != null)) {
      differences.add(new InstanceChange(id, before, after, cause(before, after, known)));
    }
  }

  private static ChangeCause cause(
      @Nullable ServiceInstance before,
      @Nullable ServiceInstance after,
      @Nullable ChangeCause known) {
    if (before == null) {
      return known == null ? ChangeCause.RECALLED : ChangeCause.REGISTERED;
    }
    if (after == null) {
      return known == ChangeCause.LEFT ? ChangeCause.LEFT : ChangeCause.VANISHED;
    }
    boolean again = known == ChangeCause.REPLACED || known == ChangeCause.REGISTERED;
    return again ? ChangeCause.REPLACED : ChangeCause.UPDATED;
  }
}
