package io.zookit.config.gray;

import java.util.List;
import java.util.stream.Collectors;

/** One condition on an instance. Its text is what the parser reads. */
sealed interface Condition {

  boolean matches(Instance instance);

  /** Every instance. */
  record Everyone() implements Condition {
    @Override
    public boolean matches(Instance instance) {
      return true;
    }

    @Override
    public String toString() {
      return "everyone";
    }
  }

  /** Those listed. */
  record Listed(List<String> ids) implements Condition {
    private static final int MOST = 100;

    public Listed {
      if (ids.isEmpty() || ids.size() > MOST) {
        throw new IllegalArgumentException(
            "instances: " + ids.size() + " (expected: 1 to " + MOST + ")");
      }
      ids.forEach(Instance::named);
      ids = List.copyOf(ids);
    }

    @Override
    public boolean matches(Instance instance) {
      return ids.contains(instance.id());
    }

    @Override
    public String toString() {
      return "instance in (" + String.join(", ", ids) + ")";
    }
  }

  /** Those with an address in a range. */
  record InRange(Cidr range) implements Condition {
    @Override
    public boolean matches(Instance instance) {
      return range.contains(instance.address());
    }

    @Override
    public String toString() {
      return "ip in " + range.text();
    }
  }

  /** Those with a label. */
  record Labelled(String name, String value) implements Condition {
    public Labelled {
      Instance.named("x").withLabel(name, value);
    }

    @Override
    public boolean matches(Instance instance) {
      return value.equals(instance.labels().get(name));
    }

    @Override
    public String toString() {
      return "label." + name + " == \"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
  }

  /** Those that do not match. */
  record Not(Audience audience) implements Condition {
    public Not {
      audience.requireNoDose("not");
    }

    @Override
    public boolean matches(Instance instance) {
      return !audience.describes(instance);
    }

    @Override
    public String toString() {
      return "not(" + audience + ")";
    }
  }

  /** Those that match one of several. */
  record Any(List<Audience> audiences) implements Condition {
    public Any {
      if (audiences.isEmpty()) {
        throw new IllegalArgumentException("any: nothing (expected: at least one)");
      }
      audiences.forEach(audience -> audience.requireNoDose("any"));
      audiences = List.copyOf(audiences);
    }

    @Override
    public boolean matches(Instance instance) {
      return audiences.stream().anyMatch(audience -> audience.describes(instance));
    }

    @Override
    public String toString() {
      return audiences.stream()
          .map(Audience::toString)
          .collect(Collectors.joining(", ", "any(", ")"));
    }
  }
}
