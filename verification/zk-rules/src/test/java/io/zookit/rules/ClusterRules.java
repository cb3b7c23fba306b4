package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The direction of the packages inside a module. */
final class ClusterRules {

  private ClusterRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "cluster-table",
            "Every package inside a module is a cluster of the table in Clusters.",
            ClusterRules::unknown),
        Rule.ratchet(
            "clusters",
            "A cluster uses another only along the arrows of the table in Clusters.",
            ClusterRules::againstArrows),
        Rule.ratchet(
            "cluster-cycles", "The clusters of a module have no cycles.", ClusterRules::cycles));
  }

  private static Set<Finding> unknown(Code code) {
    Set<Finding> findings = new TreeSet<>();
    code.classes()
        .forEach(type -> Clusters.of(type)
            .filter(cluster -> !cluster.isKnown())
            .ifPresent(cluster -> findings.add(new Finding(
                type.getPackageName(), "is not in the table: enter it with its arrows"))));
    return findings;
  }

  private static Set<Finding> againstArrows(Code code) {
    Set<Finding> findings = new TreeSet<>();
    forEachUse(code, (user, from, used, to) -> {
      if (from.isKnown() && to.isKnown() && !from.mayUse(to)) {
        findings.add(new Finding(
            from.base() + ": " + from.name() + " → " + to.name(),
            user.getName() + " uses " + used.getName()));
      }
    });
    return findings;
  }

  /** Every arrow that is part of a circle, so that the number falls with each arrow that goes. */
  private static Set<Finding> cycles(Code code) {
    Map<String, Map<String, Set<String>>> arrows = new TreeMap<>();
    forEachUse(
        code,
        (user, from, used, to) -> arrows
            .computeIfAbsent(from.base(), base -> new HashMap<>())
            .computeIfAbsent(from.name(), name -> new TreeSet<>())
            .add(to.name()));
    Set<Finding> findings = new TreeSet<>();
    arrows.forEach((base, ofBase) -> ofBase.forEach((from, targets) -> {
      for (String to : targets) {
        if (Clusters.reachable(ofBase, to).contains(from)) {
          findings.add(new Finding(base, from + " → " + to + " is part of a circle"));
        }
      }
    }));
    return findings;
  }

  /** A file that uses one of another cluster of its module. */
  private interface Use {
    void found(JavaClass user, Clusters.Cluster from, JavaClass used, Clusters.Cluster to);
  }

  private static void forEachUse(Code code, Use use) {
    code.classes()
        .forEach(type -> Clusters.of(type)
            .ifPresent(from -> Code.usesOf(type)
                .forEach(used -> Clusters.of(used)
                    .filter(to -> to.base().equals(from.base()) && !to.equals(from))
                    .ifPresent(to -> use.found(Code.fileOf(type), from, Code.fileOf(used), to)))));
  }
}
