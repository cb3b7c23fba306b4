package io.zookit.admin.config;

import io.zookit.config.Policy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The rules in which two policies differ, one line each. */
final class PolicyChanges {

  private PolicyChanges() {}

  static List<String> between(Policy before, Policy after) {
    List<String> lines = new ArrayList<>();
    for (RecordComponent rule : Policy.class.getRecordComponents()) {
      Object was = value(rule, before);
      Object is = value(rule, after);
      if (!Objects.equals(was, is)) {
        lines.add("~ " + rule.getName() + " = " + was + " -> " + is);
      }
    }
    return lines;
  }

  private static Object value(RecordComponent rule, Policy policy) {
    try {
      Object value = rule.getAccessor().invoke(policy);
      return value == null ? "none" : value;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a policy cannot be read: " + rule.getName(), e);
    }
  }
}
