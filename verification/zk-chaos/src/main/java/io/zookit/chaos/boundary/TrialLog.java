package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.EventLog;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Results of uses whose connections broke, and the violations found in them: a use that did not end in time or ended
 * in an unacceptable way, a node that was left behind, a next use that did not succeed, too many or too few effects.
 * Used by one thread.
 */
final class TrialLog {

  private static final String USE = "use";

  private final EventLog transcript = new EventLog();
  private final Set<CutPoint> landed = new HashSet<>();
  private final Map<Recipe, Long> landedOf = new EnumMap<>(Recipe.class);
  private long mayFail;
  private long controlLeft;

  /** Takes a result; what is wrong with it. */
  List<String> add(TrialResult result) {
    Recipe recipe = result.boundary().use().recipe();
    if (recipe.isControl()) {
      controlLeft += result.left().isEmpty() ? 0 : 1;
      return List.of();
    }
    transcript.add(USE, recipe.toString(), result.toString());
    if (result.landed() && landed.add(result.boundary())) {
      landedOf.merge(recipe, 1L, Long::sum);
    }
    mayFail += result.end().startsWith(TrialResult.MAY_FAIL) ? 1 : 0;
    List<String> wrong = wrong(result);
    wrong.forEach(transcript::find);
    return wrong;
  }

  private static List<String> wrong(TrialResult result) {
    Map<String, String> found = new LinkedHashMap<>();
    found.put("ended badly", result.endedWell() ? "" : result.end());
    found.put("left", result.left().isEmpty() ? "" : result.left().toString());
    found.put("next user", result.next());
    found.put("effects", result.effects());
    return found.entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .map(each -> each.getKey() + ": " + result.boundary() + ": " + each.getValue())
        .toList();
  }

  EventLog transcript() {
    return transcript;
  }

  /** Returns the number of uses, those of the control excluded. */
  long uses() {
    return transcript.count(USE);
  }

  /** Returns the number of uses that failed in an acceptable way. */
  long failed() {
    return mayFail;
  }

  /** Returns the number of distinct boundaries at which the connection broke. */
  long landed() {
    return landed.size();
  }

  /** Returns the number of distinct boundaries of a recipe at which the connection broke. */
  long landed(Recipe recipe) {
    return landedOf.getOrDefault(recipe, 0L);
  }

  /** Returns the number of uses of the control that left a node behind. */
  long controlLeft() {
    return controlLeft;
  }
}
