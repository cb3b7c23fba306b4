package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds types and members that pages name as code and that do not exist. */
final class DocumentNames {

  /**
   * A type, with its package or its end, and a member of it, which may be cut by an ellipsis. What touches other signs of
   * paths, patterns and options is something else.
   */
  private static final Pattern NAME = Pattern.compile(
      "(?<![\\w./$~:*…=-])(?:[a-z]\\w*\\.)*([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+)(…?))?(?![\\w*…=-])");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");

  private final Map<String, Set<String>> membersOf = new HashMap<>();
  private final Set<String> foreign;
  private final Set<String> used = new HashSet<>();

  /**
   * Checks names against a code base.
   *
   * @param foreign names of types of others, and of other things that look like types
   */
  DocumentNames(Code code, Set<String> foreign) {
    this.foreign = Set.copyOf(foreign);
    code.classes().forEach(type -> membersOf(type.getSimpleName()).addAll(members(type)));
    code.tests().forEach(this::addTest);
  }

  /** The dead names of a page. */
  List<Finding> dead(DocumentPage page) {
    return page.codeSpans()
        .flatMap(span -> NAME.matcher(span).results())
        .flatMap(name -> fault(name).stream())
        .distinct()
        .map(fault -> new Finding(page.path(), fault))
        .toList();
  }

  /** The foreign names that none of the pages checked so far has. */
  Set<String> unused() {
    Set<String> unused = new TreeSet<>(foreign);
    unused.removeAll(used);
    return unused;
  }

  private Optional<String> fault(MatchResult name) {
    String type = name.group(1);
    Set<String> members = membersOf.get(type);
    if (foreign.contains(type)) {
      used.add(type);
      return Optional.empty();
    }
    if (members == null) {
      return Optional.of(type + ": no such type");
    }
    String member = name.group(2);
    boolean isKnown = member == null
        || members.contains(member)
        || (!name.group(3).isEmpty() && members.stream().anyMatch(each -> each.startsWith(member)));
    return isKnown ? Optional.empty() : Optional.of(type + "." + member + ": no such member");
  }

  private Set<String> membersOf(String type) {
    return membersOf.computeIfAbsent(type, each -> new HashSet<>());
  }

  private static Set<String> members(JavaClass type) {
    Set<String> members = new HashSet<>();
    type.getAllMembers().stream().map(JavaMember::getName).forEach(members::add);
    Stream.of(type.getName().split("[.$]")).forEach(members::add);
    return members;
  }

  private void addTest(SourceFile test) {
    Set<String> words = test.words();
    DECLARED
        .matcher(test.text())
        .results()
        .forEach(declared -> membersOf(declared.group(1)).addAll(words));
  }
}
