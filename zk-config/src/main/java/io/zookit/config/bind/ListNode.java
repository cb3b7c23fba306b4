package io.zookit.config.bind;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list or a set: {@code key[0]}, {@code key[1]}, …, or one text with commas. */
record ListNode(Node element, boolean set) implements Node {

  @Override
  public @Nullable Object bind(Values values, String key, List<String> problems) {
    List<Object> elements = new ArrayList<>();
    int before = problems.size();
    int count = values.elements(key);
    for (int i = 0; i < count; i++) {
      add(elements, element.bind(values, key + "[" + i + "]", problems));
    }
    String text = values.at(key);
    if (count == 0 && text == null) {
      problems.add(key + ": missing (expected: a list)");
    } else if (count == 0 && text != null && !text.isBlank()) {
      split(text, key, elements, problems);
    }
    if (problems.size() > before) {
      return null;
    }
    return set ? Collections.unmodifiableSet(new LinkedHashSet<>(elements)) : List.copyOf(elements);
  }

  private void split(String text, String key, List<Object> elements, List<String> problems) {
    if (!(element instanceof ScalarNode scalar)) {
      problems.add(key + ": expected a list");
      return;
    }
    int index = 0;
    for (String part : text.split(",", -1)) {
      add(elements, scalar.read(part.strip(), key + "[" + index++ + "]", problems));
    }
  }

  private static void add(List<Object> elements, @Nullable Object element) {
    if (element != null) {
      elements.add(element);
    }
  }
}
