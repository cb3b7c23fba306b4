package io.zookit.rules;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Dependencies between modules and between packages. */
final class DependencyRules {

  /** A new module is entered here, with the modules it may use; its own classes go without saying. */
  private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
      Map.entry("core", Set.of()),
      Map.entry("lock", Set.of("core")),
      Map.entry("registry", Set.of("core")),
      Map.entry("config", Set.of("core")),
      Map.entry("scheduler", Set.of("core")),
      Map.entry("id", Set.of("core")),
      Map.entry("group", Set.of("core")),
      Map.entry("testkit", Set.of("core")),
      Map.entry("views", Set.of("core", "lock", "registry", "config", "scheduler", "id")),
      Map.entry(
          "admin",
          Set.of("core", "lock", "registry", "config", "scheduler", "id", "group", "views")),
      Map.entry(
          "console", Set.of("core", "lock", "registry", "config", "scheduler", "id", "views")),
      Map.entry("shedlock", Set.of("core", "lock")),
      Map.entry("openfeature", Set.of("core", "config")),
      Map.entry("spring", Set.of("core", "lock", "registry", "config", "scheduler")),
      Map.entry("boot3", Set.of("core", "lock", "registry", "config", "scheduler", "spring")),
      Map.entry("boot4", Set.of("core", "lock", "registry", "config", "scheduler", "spring")),
      Map.entry(
          "samples",
          Set.of("core", "lock", "registry", "config", "scheduler", "id", "group", "testkit")),
      Map.entry(
          "benchmarks",
          Set.of("core", "lock", "registry", "config", "scheduler", "id", "group", "testkit")),
      Map.entry(
          "chaos",
          Set.of("core", "lock", "registry", "config", "scheduler", "id", "group", "testkit")));

  /** Modules that may use the inside of zk-core; all others are users. */
  private static final Set<String> SIBLINGS =
      Set.of("core", "lock", "registry", "config", "scheduler", "id", "group", "testkit");

  private static final Pattern INTERNAL = Pattern.compile("io\\.zookit\\.(\\w+)\\.internal\\..*");

  private static final String SIMULATION = "io.zookit.testkit.internal.sim.";

  private DependencyRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "layers",
            "Imports run one way: samples, zk-admin and the starters (by zk-spring) to the feature modules, these to zk-core"
                + " and never to each other;"
                + " only samples, benchmarks and chaos use zk-testkit.",
            code -> uses(code, DependencyRules::isUphill)),
        new Rule(
            "internal",
            "io.zookit.X.internal is for module X only, with its tests; io.zookit.core.internal also for the sibling"
                + " modules, the simulated ZooKeeper also for their tests. All others use public types.",
            DependencyRules::trespasses),
        new Rule(
            "cycles",
            "Packages have no cycles; a package and its internal one count as one.",
            DependencyRules::cycles));
  }

  private static boolean isUphill(JavaClass from, JavaClass to) {
    String module = Code.moduleOf(from);
    String used = Code.moduleOf(to);
    return !module.equals(used) && !MAY_USE.getOrDefault(module, Set.of()).contains(used);
  }

  private static Set<Finding> trespasses(Code code) {
    Set<Finding> findings =
        uses(code, (from, to) -> isTrespass(Code.moduleOf(from), to.getPackageName() + "."));
    code.tests()
        .forEach(test -> test.imports()
            .filter(imported -> isTrespass(Code.moduleOf(test.typeName()), imported)
                && !isSimulation(Code.moduleOf(test.typeName()), imported))
            .forEach(imported ->
                findings.add(new Finding(test.typeName(), "imports " + imported + " in a test"))));
    return findings;
  }

  /** The stateful parts of all modules are tested on one simulated ZooKeeper. */
  private static boolean isSimulation(String module, String used) {
    return used.startsWith(SIMULATION) && SIBLINGS.contains(module);
  }

  private static boolean isTrespass(String module, String used) {
    Matcher internal = INTERNAL.matcher(used);
    return internal.matches()
        && !internal.group(1).equals(module)
        && !(internal.group(1).equals("core") && SIBLINGS.contains(module));
  }

  private static Set<Finding> uses(Code code, BiPredicate<JavaClass, JavaClass> forbidden) {
    Set<Finding> findings = new TreeSet<>();
    code.compiled()
        .forEach(type -> Code.usesOf(type)
            .filter(target -> forbidden.test(type, target))
            .forEach(target -> findings.add(
                new Finding(Code.fileOf(type).getName(), "uses " + target.getName()))));
    return findings;
  }

  private static Set<Finding> cycles(Code code) {
    List<String> cycles = slices()
        .assignedFrom(new PackagesWithInternal())
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .evaluate(code.compiled())
        .getFailureReport()
        .getDetails();
    return cycles.stream()
        .map(DependencyRules::cycle)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** ArchUnit draws the circle over several lines and then lists the dependencies. */
  private static Finding cycle(String detail) {
    int list = detail.indexOf("  1. ");
    String circle =
        detail.substring(detail.indexOf(':') + 1, list).replaceAll("\\s+", " ").strip();
    return new Finding("cycle", circle + "\n" + detail.substring(list));
  }

  /** A slice is a package; static factories make a public package and its internal one a pair. */
  private static final class PackagesWithInternal implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(
          (type.getPackageName() + ".").replaceFirst("\\.internal\\..*|\\.$", ""));
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
