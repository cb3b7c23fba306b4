package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules for the names of packages and the number of public types. */
final class SurfaceRules {

  private static final int MOST_PUBLIC_TYPES = 25;
  private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";
  private static final Set<String> HALF_HIDDEN =
      Set.of("core", "lock", "registry", "config", "scheduler", "id", "group");
  private static final Set<String> PROGRAMS = Set.of("samples", "benchmarks", "chaos");
  private static final Pattern PACKAGE_NAME =
      Pattern.compile("(.*\\.)?(impl|utils?|common|api|internal)(\\..*)?");
  private static final Pattern MODULE_INTERNAL =
      Pattern.compile("(io\\.zookit\\.\\w+)\\.internal(?=\\.|$)");

  private SurfaceRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "null-marked",
            "Every package is @NullMarked by its package-info.",
            SurfaceRules::unmarkedPackages),
        new Rule(
            "package-names",
            "No package impl, util, common or api; internal only right below the package of a module.",
            SurfaceRules::emptyPackageNames),
        new Rule(
            "first-screen",
            "A package shows at most 25 public types; what is internal is not for show.",
            SurfaceRules::crowdedPackages),
        new Rule(
            "hidden-half",
            "At least half of the types of a module are package-private or internal.",
            SurfaceRules::bareModules));
  }

  /** Tells if a type belongs to a program, whose public types are no API. */
  static boolean isProgram(JavaClass type) {
    return PROGRAMS.contains(Code.moduleOf(type));
  }

  private static Set<Finding> unmarkedPackages(Code code) {
    Set<String> marked = code.compiled().stream()
        .filter(type -> Code.isPackageInfo(type) && type.isAnnotatedWith(NULL_MARKED))
        .map(JavaClass::getPackageName)
        .collect(Collectors.toSet());
    return code.classes()
        .map(JavaClass::getPackageName)
        .filter(name -> !marked.contains(name))
        .map(name -> new Finding(name, "is not @NullMarked"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> emptyPackageNames(Code code) {
    return code.classes()
        .map(JavaClass::getPackageName)
        .filter(name -> PACKAGE_NAME
            .matcher(MODULE_INTERNAL.matcher(name).replaceFirst("$1"))
            .matches())
        .map(name -> new Finding(name, "says nothing by its name"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> crowdedPackages(Code code) {
    Map<String, Long> shown = code.topLevel()
        .filter(type -> isShown(type) && !isProgram(type))
        .collect(
            Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
    return shown.entrySet().stream()
        .filter(each -> each.getValue() > MOST_PUBLIC_TYPES)
        .map(each -> new Finding(
            each.getKey(),
            each.getValue() + " public types (expected: at most " + MOST_PUBLIC_TYPES + ")"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> bareModules(Code code) {
    Set<Finding> findings = new TreeSet<>();
    for (String module : HALF_HIDDEN) {
      Predicate<JavaClass> ofModule = type -> Code.moduleOf(type).equals(module);
      long all = code.topLevel().filter(ofModule).count();
      long shown =
          code.topLevel().filter(ofModule).filter(SurfaceRules::isShown).count();
      if (2 * shown > all) {
        findings.add(new Finding(
            "zk-" + module, shown + " of " + all + " types are public (expected: at most half)"));
      }
    }
    return findings;
  }

  private static boolean isShown(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC) && !Code.isInternal(type);
  }
}
