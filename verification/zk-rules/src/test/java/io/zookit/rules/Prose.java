package io.zookit.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A comment of a Java source, in one line of text.
 *
 * @param line the line it begins in
 * @param isJavadoc whether it is a Javadoc comment
 * @param text without comment signs and line ends
 */
record Prose(int line, boolean isJavadoc, String text) {

  /** Literals are matched only so that no comment is found in them. */
  private static final Pattern TOKEN = Pattern.compile(
      "(?s)\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])*'"
          + "|(?<block>/\\*.*?\\*/)|(?<line>//[^\n]*(?:\n[ \t]*//[^\n]*)*)");

  private static final Pattern SIGNS = Pattern.compile("(?m)^\\s*(/\\*+|//|\\*(?!/))|\\*/");

  /** The comments of a source; line comments below each other are one. */
  static List<Prose> of(String source) {
    List<Prose> all = new ArrayList<>();
    Matcher token = TOKEN.matcher(source);
    int line = 1;
    int counted = 0;
    while (token.find()) {
      String comment = token.group("block") == null ? token.group("line") : token.group("block");
      if (comment != null) {
        line += (int) source
            .substring(counted, token.start())
            .chars()
            .filter(c -> c == '\n')
            .count();
        counted = token.start();
        all.add(new Prose(line, comment.startsWith("/**"), plain(comment)));
      }
    }
    return all;
  }

  private static String plain(String comment) {
    return SIGNS
        .matcher(comment)
        .replaceAll(" ")
        .lines()
        .collect(Collectors.joining(" "))
        .replaceAll("\\s+", " ")
        .strip();
  }
}
