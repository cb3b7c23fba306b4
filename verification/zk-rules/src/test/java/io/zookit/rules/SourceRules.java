package io.zookit.rules;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rules for what only the source shows: sizes, and the habits of tests. */
final class SourceRules {

  private static final int MOST_LINES = 400;
  private static final int MOST_METHOD_LINES = 30;
  private static final Pattern SLEEP = Pattern.compile(
      "(java\\.lang\\.)?Thread\\.sleep|(.*\\.)?(NANO|MICRO|MILLI)?(SECONDS|MINUTES|HOURS|DAYS)\\.sleep|.*TimeUnit\\.sleep");
  private static final Pattern MOCKS =
      Pattern.compile("(org\\.(mockito|easymock|powermock)|mockit|io\\.mockk)\\..*");
  private static final Pattern DISABLED =
      Pattern.compile("(org\\.junit\\.(jupiter\\.api\\.)?)?(Disabled|Ignore)");

  private SourceRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "complete", "Every main source is looked at, as a class too.", SourceRules::missed),
        Rule.report(
            "file-lines",
            "At 400 lines a file asks which concept is missing.",
            SourceRules::longFiles),
        Rule.report(
            "method-lines",
            "At 30 lines of code a method asks whether it does one thing.",
            SourceRules::longMethods),
        new Rule(
            "test-habits",
            "Tests do not sleep, are not switched off and mock nothing.",
            SourceRules::badHabits));
  }

  private static Set<Finding> missed(Code code) {
    Set<String> seen =
        code.compiled().stream().map(type -> type.getName()).collect(Collectors.toSet());
    return code.main().stream()
        .filter(file -> !file.unit().getTypeDecls().isEmpty() && !seen.contains(file.typeName()))
        .map(file -> new Finding(
            file.typeName(), "is not among the classes: does zk-rules depend on its module?"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> longFiles(Code code) {
    return Stream.concat(code.main().stream(), code.tests().stream())
        .filter(file -> file.lineCount() > MOST_LINES)
        .map(file -> new Finding(file.typeName(), tooLong(file.lineCount(), MOST_LINES)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> longMethods(Code code) {
    Set<Finding> findings = new TreeSet<>();
    code.main().forEach(file -> file.unit().accept(new Methods(file), findings));
    return findings;
  }

  private static Set<Finding> badHabits(Code code) {
    Set<Finding> findings = new TreeSet<>();
    code.tests().forEach(file -> file.unit().accept(new Habits(file), findings));
    return findings;
  }

  private static String tooLong(int lines, int most) {
    return lines + " lines (expected: at most " + most + ")";
  }

  /** Measures methods, constructors and initializers. */
  private static final class Methods extends TreeScanner<@Nullable Void, Set<Finding>> {

    private final SourceFile file;

    Methods(SourceFile file) {
      this.file = file;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, Set<Finding> findings) {
      measure(method, method.getName().toString(), findings);
      return super.visitMethod(method, findings);
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, Set<Finding> findings) {
      for (Tree member : type.getMembers()) {
        if (member instanceof BlockTree) {
          measure(member, "<clinit>", findings);
        }
      }
      return super.visitClass(type, findings);
    }

    private void measure(Tree tree, String name, Set<Finding> findings) {
      int lines = file.codeLinesOf(tree);
      if (lines > MOST_METHOD_LINES) {
        findings.add(new Finding(file.typeName() + "." + name, tooLong(lines, MOST_METHOD_LINES)));
      }
    }
  }

  /** Looks for sleeps, switched-off tests and mocks. */
  private static final class Habits extends TreeScanner<@Nullable Void, Set<Finding>> {

    private final SourceFile file;

    Habits(SourceFile file) {
      this.file = file;
    }

    @Override
    public @Nullable Void visitImport(ImportTree imported, Set<Finding> findings) {
      String name = imported.getQualifiedIdentifier().toString();
      if (MOCKS.matcher(name).matches()) {
        findings.add(new Finding(file.typeName(), "imports " + name));
      }
      return super.visitImport(imported, findings);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree select, Set<Finding> findings) {
      if (SLEEP.matcher(select.toString()).matches()) {
        findings.add(new Finding(file.typeName(), "sleeps by " + select));
      }
      return super.visitMemberSelect(select, findings);
    }

    @Override
    public @Nullable Void visitMemberReference(
        MemberReferenceTree reference, Set<Finding> findings) {
      if (SLEEP.matcher(reference.toString().replace("::", ".")).matches()) {
        findings.add(new Finding(file.typeName(), "sleeps by " + reference));
      }
      return super.visitMemberReference(reference, findings);
    }

    @Override
    public @Nullable Void visitAnnotation(AnnotationTree annotation, Set<Finding> findings) {
      String name = annotation.getAnnotationType().toString();
      if (DISABLED.matcher(name).matches()) {
        findings.add(new Finding(file.typeName(), "is switched off by @" + name));
      }
      return super.visitAnnotation(annotation, findings);
    }
  }
}
