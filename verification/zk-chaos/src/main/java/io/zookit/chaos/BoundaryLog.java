package io.zookit.chaos;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came of uses whose connections broke, and what is wrong with it: one that did not end in time or in a way it may not,
 * a node that was left, a next user who did not succeed, an effect too many or too few. Used by one thread.
 */
final class BoundaryLog {

  private static final String USE = "use";

  private final Transcript transcript = new Transcript();
  private final Set<Boundary> landed = new HashSet<>();
  private final Map<Recipe, Long> landedOf = new EnumMap<>(Recipe.class);
  private long mayFail;
  private long controlLeft;

  /** Takes a result; what is wrong with it. */
  List<String> add(BoundaryResult result) {
    Recipe recipe = result.boundary().use().recipe();
    if (recipe.isControl()) {
      controlLeft += result.left().isEmpty() ? 0 : 1;
      return List.of();
    }
    transcript.add(USE, recipe.toString(), result.toString());
    if (result.landed() && landed.add(result.boundary())) {
      landedOf.merge(recipe, 1L, Long::sum);
    }
    mayFail += result.end().startsWith(BoundaryResult.MAY_FAIL) ? 1 : 0;
    List<String> wrong = wrong(result);
    wrong.forEach(transcript::find);
    return wrong;
  }

  private static List<String> wrong(BoundaryResult result) {
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

  Transcript transcript() {
    return transcript;
  }

  /** How many uses there were but those of the control. */
  long uses() {
    return transcript.count(USE);
  }

  /** How many of them failed as they may. */
  long failed() {
    return mayFail;
  }

  /** How many different boundaries were met. */
  long landed() {
    return landed.size();
  }

  /** How many different boundaries of a recipe were met. */
  long landed(Recipe recipe) {
    return landedOf.getOrDefault(recipe, 0L);
  }

  /** How many uses of the control have left a node. */
  long controlLeft() {
    return controlLeft;
  }
}
