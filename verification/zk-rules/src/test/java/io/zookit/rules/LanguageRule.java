package io.zookit.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Comments in plain English: the words that the house style replaces by others. */
final class LanguageRule {

  private static final int AROUND = 25;

  /** Words that call a process, a client or a thread a person, and turns of phrase that no other code base uses. */
  private static final Pattern WORDS = Pattern.compile(
      "\\b(he|his|him|himself|who|whom|whoever|whomever|somebody|nobody|anew|in vain|for ever|by hand|beside|surely"
          + "|so many|that long|told|heard|hears|(is|are) asked|stands? in|gives? up|(?<!there )is no (?!longer|more|such)\\w+"
          + "|(is|are) there|each [0-9]+ (s|ms|min|seconds?|minutes?))\\b",
      Pattern.CASE_INSENSITIVE);

  /** A first sentence that asks instead of defining: "What a lease can do to its nodes." */
  private static final Pattern RIDDLE =
      Pattern.compile("^(What|Whether|Who|Whom|How|When|Where|Why)\\b");

  private static final Pattern THROWS_WHEN = Pattern.compile("@throws [\\w.]+ when\\b");

  private static final List<Pattern> EVERYWHERE = List.of(WORDS, THROWS_WHEN);

  private LanguageRule() {}

  static List<Rule> all() {
    return List.of(Rule.ceiling(
        "language",
        "Comments are plain English in standard terms; Javadoc begins with what the thing is or does.",
        LanguageRule::check));
  }

  private static Set<Finding> check(Code code) {
    Set<Finding> findings = new TreeSet<>();
    code.main().forEach(file -> check(file, "", findings));
    code.tests().forEach(file -> check(file, " tests", findings));
    return findings;
  }

  private static void check(SourceFile file, String kind, Set<Finding> findings) {
    String place = "zk-" + Code.moduleOf(file.typeName()) + kind;
    for (Prose prose : file.comments()) {
      List<Pattern> patterns = new ArrayList<>(EVERYWHERE);
      if (prose.isJavadoc()) {
        patterns.add(RIDDLE);
      }
      for (Pattern pattern : patterns) {
        pattern
            .matcher(prose.text())
            .results()
            .forEach(match -> findings.add(new Finding(
                place,
                file.typeName() + ":" + prose.line() + ": \"" + match.group() + "\" at "
                    + match.start() + " in \"" + around(prose.text(), match.start(), match.end())
                    + "\"")));
      }
    }
  }

  private static String around(String text, int start, int end) {
    return text.substring(Math.max(0, start - AROUND), Math.min(text.length(), end + AROUND));
  }
}
