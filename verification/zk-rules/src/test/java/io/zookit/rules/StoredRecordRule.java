package io.zookit.rules;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreeScanner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every record with a codec is written by a test that compares its bytes with recorded ones. */
final class StoredRecordRule {

  private static final String OF = "RecordCodec.of";
  private static final String CLASS = ".class";
  private static final Pattern RECORDED = Pattern.compile(".*\\.Stored\\w+RecordsTest");

  private StoredRecordRule() {}

  static List<Rule> all() {
    return List.of(new Rule(
        "stored-records",
        "Each type given to RecordCodec.of is written by a Stored...RecordsTest of its module.",
        StoredRecordRule::notRecorded));
  }

  private static Set<Finding> notRecorded(Code code) {
    Set<Finding> findings = new TreeSet<>();
    for (SourceFile file : code.main()) {
      Set<String> types = new TreeSet<>();
      file.unit().accept(new Codecs(), types);
      types.removeAll(recordedIn(code, Code.moduleOf(file.typeName())));
      types.forEach(type -> findings.add(new Finding(
          file.typeName(), type + " is stored (expected: in a Stored...RecordsTest, too)")));
    }
    return findings;
  }

  private static Set<String> recordedIn(Code code, String module) {
    Set<String> names = new HashSet<>();
    for (SourceFile test : code.tests()) {
      String name = test.typeName();
      if (RECORDED.matcher(name).matches() && Code.moduleOf(name).equals(module)) {
        test.unit().accept(new Names(), names);
      }
    }
    return names;
  }

  /** Collects the types given to codecs: the simple name of a class literal, the text of anything else. */
  private static final class Codecs extends TreeScanner<@Nullable Void, Set<String>> {

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, Set<String> types) {
      if (call.getMethodSelect().toString().endsWith(OF)) {
        ExpressionTree type = call.getArguments().get(0);
        String text = type.toString();
        types.add(
            text.endsWith(CLASS)
                ? text.substring(text.lastIndexOf('.', text.length() - CLASS.length() - 1) + 1)
                    .replace(CLASS, "")
                : text);
      }
      return super.visitMethodInvocation(call, types);
    }
  }

  /** Collects simple names. */
  private static final class Names extends TreeScanner<@Nullable Void, Set<String>> {

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree name, Set<String> names) {
      names.add(name.getName().toString());
      return super.visitIdentifier(name, names);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree name, Set<String> names) {
      names.add(name.getIdentifier().toString());
      return super.visitMemberSelect(name, names);
    }
  }
}
