package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of types. */
final class NameRules {

  private static final Pattern EMPTY =
      Pattern.compile("(Default[A-Z].*)|(.*(Impl|Utils?|Utilit(y|ies)|Helpers?|Manager|Desk))");

  /** Names of nested types that say a role and are read with the outer type, such as {@code Lease.State}. */
  private static final Set<String> ROLES = Set.of("Builder", "Kind", "Listener", "Phase", "State");

  private NameRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.ratchet(
            "type-names",
            "A name tells what is particular: no *Impl, *Util, *Helper, *Manager, *Desk, Default*.",
            NameRules::emptyNames),
        Rule.ratchet(
            "doubled-names",
            "No two types have one name, nested ones included; only a nested "
                + String.join(", ", new TreeSet<>(ROLES)) + " is read with its outer type.",
            NameRules::doubledNames));
  }

  private static Set<Finding> emptyNames(Code code) {
    return code.classes()
        .filter(type -> EMPTY.matcher(type.getSimpleName()).matches())
        .filter(type -> !type.isAnnotation() || !type.getSimpleName().startsWith("Default"))
        .map(type ->
            new Finding(type.getSimpleName(), "says nothing by its name: " + type.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> doubledNames(Code code) {
    Map<String, Set<String>> types = code.classes()
        .filter(type -> !type.isAnonymousClass() && !type.isLocalClass() && !isRole(type))
        .collect(Collectors.groupingBy(
            JavaClass::getSimpleName,
            TreeMap::new,
            Collectors.mapping(JavaClass::getName, Collectors.toCollection(TreeSet::new))));
    Set<Finding> findings = new TreeSet<>();
    types.forEach((name, doubles) -> {
      if (doubles.size() > 1) {
        doubles.forEach(type -> findings.add(new Finding(name, "is " + type)));
      }
    });
    return findings;
  }

  private static boolean isRole(JavaClass type) {
    return !type.isTopLevelClass() && ROLES.contains(type.getSimpleName());
  }
}
