package io.zookit.config.internal.model;

import io.zookit.config.Namespace;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.AudienceMatcher;
import io.zookit.config.gray.Instance;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A gray release as the head holds it.
 *
 * <p>It is stored as a map, not as a record: a field that a reader does not know must make the rule match no instance,
 * so it has to be seen.
 *
 * @param match the audience of the present step
 * @param threshold the measured dose, unsigned
 * @param steps the audiences of all steps
 * @param since when the present step began
 */
public record GrayRule(
    String name,
    ReleaseRef pointer,
    String match,
    String salt,
    long threshold,
    int step,
    boolean paused,
    Instant since,
    List<String> steps,
    Duration bake,
    int appliedPercent) {

  private static final Set<String> FIELDS = Set.of(
      "name",
      "release",
      "sha256",
      "match",
      "salt",
      "threshold",
      "step",
      "state",
      "since",
      "steps",
      "bake",
      "applied");

  public Map<String, String> stored() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("release", Integer.toString(pointer.release()));
    map.put("sha256", pointer.sha256());
    map.put("match", match);
    map.put("salt", salt);
    map.put("threshold", Long.toHexString(threshold));
    map.put("step", Integer.toString(step));
    map.put("state", paused ? "paused" : "running");
    map.put("since", since.toString());
    map.put("steps", String.join("\n", steps));
    map.put("bake", bake.toString());
    map.put("applied", Integer.toString(appliedPercent));
    return map;
  }

  /** Reads a rule; empty when this version does not understand all of it. */
  public static Optional<GrayRule> read(Map<String, String> map) {
    if (!map.keySet().equals(FIELDS) || Audience.read(field(map, "match")).isEmpty()) {
      return Optional.empty();
    }
    try {
      String state = field(map, "state");
      return !state.equals("paused") && !state.equals("running")
          ? Optional.empty()
          : Optional.of(new GrayRule(
              field(map, "name"),
              new ReleaseRef(Integer.parseInt(field(map, "release")), field(map, "sha256")),
              field(map, "match"),
              field(map, "salt"),
              Long.parseUnsignedLong(field(map, "threshold"), 16),
              Integer.parseInt(field(map, "step")),
              state.equals("paused"),
              Instant.parse(field(map, "since")),
              List.of(field(map, "steps").split("\n", -1)),
              Duration.parse(field(map, "bake")),
              Integer.parseInt(field(map, "applied"))));
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  public AudienceMatcher gate(Namespace ns) {
    return new AudienceMatcher(Audience.parse(match), ns.toString(), salt, threshold);
  }

  boolean admits(Namespace ns, Instance instance) {
    return gate(ns).admits(instance);
  }

  public GrayRule withPaused(boolean nowPaused) {
    return new GrayRule(
        name, pointer, match, salt, threshold, step, nowPaused, since, steps, bake, appliedPercent);
  }

  public GrayRule toStep(int next, AudienceMatcher gate, List<String> allSteps, Instant now) {
    return new GrayRule(
        name,
        pointer,
        gate.audience().toString(),
        salt,
        gate.threshold(),
        next,
        paused,
        now,
        allSteps,
        bake,
        appliedPercent);
  }

  private static String field(Map<String, String> map, String name) {
    return map.getOrDefault(name, "");
  }
}
