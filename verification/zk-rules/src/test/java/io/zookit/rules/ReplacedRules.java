package io.zookit.rules;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitReferenceTarget;
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Mechanisms that every module wrote for itself and that zk-core does once: the files that still do it themselves are
 * counted, a module at a time.
 *
 * <p>They are recognized by what they call, not by their names, so that a file may be moved or renamed.
 */
final class ReplacedRules {

  private static final Set<String> MODULES =
      Set.of("core", "lock", "registry", "config", "scheduler", "id", "group");
  private static final String CODE = "org.apache.zookeeper.KeeperException$Code";
  private static final Pattern PAUSE_NAME =
      Pattern.compile("(.*_)?(RETRY|PAUSE|AGAIN|BACKOFF|SOON|REFUSED|DOUBLINGS)(_.*)?");
  private static final Set<String> NUMBERS = Set.of("int", "long", "java.time.Duration");

  /**
   * A mechanism.
   *
   * @param name short, as in the file of known findings
   * @param what a file does that has it
   * @param instead what replaces it; in its own file it is allowed
   * @param isOwn whether a class does it itself
   */
  private record Row(String name, String what, Set<String> instead, Predicate<JavaClass> isOwn) {}

  private static final List<Row> ROWS = List.of(
      new Row(
          "blocking-wait",
          "waits for a future",
          Set.of("BlockingCalls", "AsyncResult", "Timekeeper"),
          calls("java\\.util\\.concurrent\\.(CompletableFuture|Future)\\.(get|join)\\(.*"
              + "|io\\.zookit\\.core\\..*\\.AsyncResult\\.(get|join)\\(.*"
              + "|java\\.util\\.concurrent\\.CountDownLatch\\.await\\(.*")),
      new Row(
          "backoff",
          "has pauses between tries of its own: a constant, or jitter",
          Set.of("Backoff"),
          either(
              ReplacedRules::declaresPause,
              calls("java\\.util\\.concurrent\\.ThreadLocalRandom\\.(nextLong|nextDouble)\\(.*"))),
      new Row(
          "create-if-absent",
          "decides what NODEEXISTS means",
          Set.of("CreateWithParents"),
          readsCode("NODEEXISTS")),
      new Row(
          "missing-parents",
          "creates the parents of a node after NONODE",
          Set.of("CreateWithParents", "ParentNodes", "Folders"),
          calls("io\\.zookit\\..*\\.(Folders|ParentNodes)\\.ensure\\(.*"
              + "|io\\.zookit\\.core\\..*\\.\\w+\\.createFolder\\(.*")),
      new Row(
          "node-following",
          "sets watches of its own on a node or its children",
          Set.of("NodeFollower", "NodeWatches", "PersistentWatch"),
          calls(
              "io\\.zookit\\.core\\.internal\\..*\\.watcher\\(java\\.util\\.function\\.Consumer\\)"
                  + "|io\\.zookit\\.core\\.internal\\..*\\.addWatch\\(.*"
                  + "|io\\.zookit\\.core\\.internal\\.(.*\\.)?NodeWatches\\..*")),
      new Row(
          "multi-decoding",
          "decodes the results of a multi",
          Set.of("Multi"),
          ReplacedRules::decodesMulti),
      new Row(
          "watch-removal",
          "removes watches; on a shared connection they may be those of another",
          Set.of("WireHandle"),
          calls(".*\\.(removeAllWatches|removeWatches)\\(.*")));

  private ReplacedRules() {}

  static List<Rule> all() {
    return List.of(Rule.ratchet(
        "replaced",
        "What zk-core does once for all is not written again in a module: see the table in ReplacedRules.",
        ReplacedRules::findings));
  }

  private static Set<Finding> findings(Code code) {
    Set<Finding> findings = new TreeSet<>();
    code.classes().filter(type -> MODULES.contains(Code.moduleOf(type))).forEach(type -> {
      JavaClass file = Code.fileOf(type);
      for (Row row : ROWS) {
        if (!row.instead.contains(file.getSimpleName()) && row.isOwn.test(type)) {
          findings.add(new Finding(
              "zk-" + Code.moduleOf(type) + ": " + row.name,
              file.getName() + " " + row.what + " (expected: "
                  + String.join(" or ", new TreeSet<>(row.instead)) + ")"));
        }
      }
    });
    return findings;
  }

  private static Predicate<JavaClass> either(Predicate<JavaClass> one, Predicate<JavaClass> other) {
    return one.or(other);
  }

  /** Calls or refers to a method of another file, by the full name that its call site has. */
  private static Predicate<JavaClass> calls(String methods) {
    Pattern pattern = Pattern.compile(methods);
    return type -> type.getAccessesFromSelf().stream()
        .map(JavaAccess::getTarget)
        .filter(target ->
            target instanceof CodeUnitCallTarget || target instanceof CodeUnitReferenceTarget)
        .filter(target -> !Code.fileOf(target.getOwner()).equals(Code.fileOf(type)))
        .anyMatch(target -> pattern.matcher(target.getFullName()).matches());
  }

  private static Predicate<JavaClass> readsCode(String constant) {
    return type -> type.getAccessesFromSelf().stream()
        .map(JavaAccess::getTarget)
        .anyMatch(target -> target instanceof FieldAccessTarget
            && target.getOwner().getName().equals(CODE)
            && target.getName().equals(constant));
  }

  private static boolean declaresPause(JavaClass type) {
    return type.getFields().stream().anyMatch(ReplacedRules::isPause);
  }

  private static boolean isPause(JavaField field) {
    return field.getModifiers().containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL))
        && NUMBERS.contains(field.getRawType().getName())
        && PAUSE_NAME.matcher(field.getName()).matches();
  }

  private static boolean decodesMulti(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .anyMatch(used -> used.getName().startsWith("org.apache.zookeeper.OpResult$"));
  }
}
