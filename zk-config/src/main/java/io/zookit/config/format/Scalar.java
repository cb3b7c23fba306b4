package io.zookit.config.format;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One value and its place in the text.
 *
 * @param value the value, unescaped
 * @param start the index of its first character in the text
 * @param end the index after its last
 * @param bare whether it stands without quotes
 */
record Scalar(String value, int start, int end, boolean bare) {

  static Map<String, Scalar> whole(String text) {
    Map<String, Scalar> all = new LinkedHashMap<>();
    all.put(Document.WHOLE, new Scalar(text, 0, text.length(), true));
    return all;
  }
}
