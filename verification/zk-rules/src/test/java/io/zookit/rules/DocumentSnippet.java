package io.zookit.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A Java snippet of a Markdown document: what stands between <code>```java</code> and <code>```</code>.
 *
 * <p>A comment directly in front of the fence, which readers of the page do not see, says what to do with it:
 *
 * <pre>{@code
 * <!-- snippet: run
 * import javax.sql.DataSource;
 * private final DataSource dataSource = database();
 * -->
 * }</pre>
 *
 * <p>The kinds are {@code run}, {@code compile} and {@code skip, because REASON}. Lines after the kind are what the snippet
 * takes for granted: imports, then fields and methods of the class that the snippet becomes the one method of. That class is
 * a {@link SnippetContext}, and the public types of the packages of {@link SnippetCompiler#IMPORTED} are imported.
 *
 * @param document the path of the document in the checkout
 * @param line the line of the opening fence, from 1
 * @param kind what to do with it
 * @param given the lines of the comment after the kind
 * @param code the lines of the snippet
 */
record DocumentSnippet(
    String document, int line, Kind kind, List<String> given, List<String> code) {

  /** A use of a snippet by the tests. */
  enum Kind {
    /** Compiles it, and runs it against a ZooKeeper server. */
    RUN,
    /** Compiles it. */
    COMPILE,
    /** Leaves it alone, for the reason that its mark gives. */
    SKIP
  }

  private static final String FENCE = "```";
  private static final Pattern MARK =
      Pattern.compile("<!-- snippet: ([^\n]*?)( -->|\n(.*)-->)", Pattern.DOTALL);
  private static final Pattern SKIPPED = Pattern.compile("skip, because .*\\p{L}.*");

  /**
   * The Java snippets of a document, in order.
   *
   * @throws IllegalArgumentException if a fence is not closed, a Java one has no mark, or a mark cannot be understood
   */
  static List<DocumentSnippet> in(String document, String text) {
    List<String> lines = text.lines().toList();
    List<DocumentSnippet> found = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      if (!lines.get(at).strip().startsWith(FENCE)) {
        at++;
        continue;
      }
      int open = at;
      int close = IntStream.range(open + 1, lines.size())
          .filter(each -> lines.get(each).strip().equals(FENCE))
          .findFirst()
          .orElseThrow(() -> refuse(document, open, "is not closed"));
      String language = lines.get(open).strip().substring(FENCE.length());
      if (language.equals("java")) {
        found.add(snippet(document, lines, open, lines.subList(open + 1, close)));
      }
      at = close + 1;
    }
    return found;
  }

  private static DocumentSnippet snippet(
      String document, List<String> lines, int open, List<String> code) {
    Matcher mark = MARK.matcher(commentBefore(lines, open));
    if (!mark.matches()) {
      throw refuse(
          document,
          open,
          "has no mark (expected: <!-- snippet: run|compile|skip ... --> in front)");
    }
    String kind = mark.group(1);
    @Nullable String given = mark.group(3);
    return new DocumentSnippet(
        document,
        open + 1,
        switch (kind) {
          case "run" -> Kind.RUN;
          case "compile" -> Kind.COMPILE;
          default -> {
            if (!SKIPPED.matcher(kind).matches()) {
              throw refuse(
                  document,
                  open,
                  "is marked \"" + kind + "\" (expected: run, compile or skip, because REASON)");
            }
            yield Kind.SKIP;
          }
        },
        given == null ? List.of() : given.lines().toList(),
        List.copyOf(code));
  }

  /** The comment that ends on the line before a fence; empty if there is none. */
  private static String commentBefore(List<String> lines, int fence) {
    int start = fence - 1;
    if (start < 0 || !lines.get(start).endsWith("-->")) {
      return "";
    }
    while (start > 0 && !lines.get(start).startsWith("<!--")) {
      start--;
    }
    return String.join("\n", lines.subList(start, fence));
  }

  private static IllegalArgumentException refuse(String document, int index, String why) {
    return new IllegalArgumentException(document + ":" + (index + 1) + ": the fence " + why);
  }

  /** A copy that connects to these servers instead of {@code localhost:2181}. */
  DocumentSnippet withServers(String servers) {
    return new DocumentSnippet(
        document,
        line,
        kind,
        given,
        code.stream().map(each -> each.replace("localhost:2181", servers)).toList());
  }

  /** The document's name in letters and digits, and the line: the name of the class that the snippet becomes. */
  String className() {
    return "Snippet_" + document.replaceAll("[^A-Za-z0-9]+", "_") + "_" + line;
  }

  @Override
  public String toString() {
    return document + ":" + line;
  }
}
