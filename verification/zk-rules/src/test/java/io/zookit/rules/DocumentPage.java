package io.zookit.rules;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page of the checkout.
 *
 * @param path its path in the checkout, with slashes
 * @param text its text
 */
record DocumentPage(String path, String text) {

  /** A fenced block: the words behind the opening fence, and the lines inside. */
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```([^\n]*)\n(.*?)^ *```$");

  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#{1,6}) +(.*?)[ #]*$");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)|\\b(?:src|srcset|href)=\"([^\"]+)\"");
  private static final Pattern LINK_TEXT = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern COMMAND = Pattern.compile("(?m)^ {4}(?! )(\\S.*)$");

  /** The text outside fenced blocks and comments. */
  String prose() {
    return COMMENT.matcher(FENCE.matcher(text).replaceAll("")).replaceAll("");
  }

  /** The headings as levels, such as {@code ##}, and texts. */
  List<String> headings() {
    return HEADING
        .matcher(prose())
        .results()
        .map(found -> found.group(1) + " " + found.group(2))
        .toList();
  }

  /** The fenced blocks, each with the words behind its opening fence in the first line. */
  List<String> blocks() {
    return FENCE.matcher(text).results().map(MatchResult::group).toList();
  }

  /** The lines that are indented as code: commands. */
  List<String> commands() {
    return COMMAND.matcher(prose()).results().map(found -> found.group(1)).toList();
  }

  /** The targets of links and pictures. */
  Stream<String> links() {
    return LINK.matcher(prose())
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1));
  }

  /** The code spans of sentences and tables. */
  Stream<String> codeSpans() {
    return CODE.matcher(prose()).results().map(found -> found.group(1));
  }

  /** The anchors that its headings have on a forge. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String heading : headings()) {
      String anchor = anchor(heading.substring(heading.indexOf(' ') + 1));
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  private static String anchor(String heading) {
    return LINK_TEXT
        .matcher(heading)
        .replaceAll("$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }
}
