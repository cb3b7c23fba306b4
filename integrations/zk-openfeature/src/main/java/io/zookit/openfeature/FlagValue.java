package io.zookit.openfeature;

import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.TypeMismatchError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value at a place of a namespace, read as the type that a caller wants.
 *
 * @param values all values of the namespace, by flat key
 * @param place the flat key of the value, or of what is around it
 */
record FlagValue(Map<String, String> values, String place) {

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,9})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|\\.([^.\\[]+)");

  /** Tells if there is a value, or something around values. */
  boolean exists() {
    return values.containsKey(place) || hasInside();
  }

  private boolean hasInside() {
    return values.keySet().stream().anyMatch(this::isInside);
  }

  private boolean isInside(String key) {
    return key.length() > place.length()
        && key.startsWith(place)
        && (key.charAt(place.length()) == '.' || key.charAt(place.length()) == '[');
  }

  boolean asBoolean() {
    String text = text("a boolean");
    if (!text.equals("true") && !text.equals("false")) {
      throw mismatch("a boolean");
    }
    return text.equals("true");
  }

  String asString() {
    return text("a string");
  }

  int asInteger() {
    Integer number = integer(text("an integer"));
    if (number == null) {
      throw mismatch("an integer");
    }
    return number;
  }

  double asDouble() {
    String text = text("a number");
    if (!NUMBER.matcher(text).matches()) {
      throw mismatch("a number");
    }
    return Double.parseDouble(text);
  }

  /** The value with everything inside it: booleans and numbers are those that are written like one. */
  Value asObject() {
    String text = values.get(place);
    if (text != null) {
      return scalar(text);
    }
    Map<String, FlagValue> inside = inside();
    if (inside.keySet().stream().allMatch(step -> step.startsWith("["))) {
      List<Value> list = new ArrayList<>();
      for (int i = 0; inside.containsKey("[" + i + "]"); i++) {
        list.add(new FlagValue(values, place + "[" + i + "]").asObject());
      }
      return new Value(list);
    }
    Map<String, Value> members = new LinkedHashMap<>();
    inside.forEach((step, value) -> members.put(step.substring(1), value.asObject()));
    return new Value(new ImmutableStructure(members));
  }

  /** Values directly inside, by their step: {@code .name} or {@code [0]}. */
  private Map<String, FlagValue> inside() {
    Map<String, FlagValue> inside = new LinkedHashMap<>();
    for (String key : new TreeSet<>(values.keySet())) {
      Matcher step = STEP.matcher(key);
      if (isInside(key) && step.find(place.length()) && step.start() == place.length()) {
        inside.put(step.group(), new FlagValue(values, place + step.group()));
      }
    }
    return inside;
  }

  private static Value scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return new Value(Boolean.valueOf(text));
    }
    Integer integer = integer(text);
    if (integer != null) {
      return new Value(integer);
    }
    return NUMBER.matcher(text).matches() ? new Value(Double.valueOf(text)) : new Value(text);
  }

  private static @Nullable Integer integer(String text) {
    if (!INTEGER.matcher(text).matches()) {
      return null;
    }
    long number = Long.parseLong(text);
    return number == (int) number ? Integer.valueOf((int) number) : null;
  }

  private String text(String expected) {
    String text = values.get(place);
    if (text == null) {
      throw mismatch(expected);
    }
    return text;
  }

  /** Without the value, which may be a secret. */
  private TypeMismatchError mismatch(String expected) {
    return new TypeMismatchError(place + ": is not " + expected);
  }
}
