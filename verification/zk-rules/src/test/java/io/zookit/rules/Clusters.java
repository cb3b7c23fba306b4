package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The clusters of every module and the arrows between them. A cluster is a package below a base, with all packages below
 * it; the base itself is the cluster {@code .}, where it has types. The base is {@code io.zookit.X.internal} in a library
 * module, whose other packages are its API, and the package of the module in a program.
 */
final class Clusters {

  /**
   * Lines {@code BASE: a, b → c → d}, where a base is written without {@code io.zookit} in front. Each cluster may use
   * all that stand to the right of an arrow behind it, however many arrows away, and none of its own group. Lines of one base
   * add up. A cluster may stand here before it exists.
   *
   * <p>A new package is entered here, and in the drawing of its module in docs/architecture.md.
   */
  static final List<String> TABLE = """
      core.internal: overview → client → lineage, access → audit → node → request → session → codec, lane, file → path
      lock.internal: handoff, guarded, numbered → blocking → request → queue → lease, rule → store
      registry.internal: . → provider, consumer, upkeep → runtime → store
      registry.internal: consumer → selection → store
      registry.internal: . → catalog → upkeep
      config.internal: . → environment, upkeep → draft, publish → head, history → zk → model
      config.internal: . → follow → zk
      config.internal: . → overview → zk
      scheduler.internal: . → node → run → state → rules → records, zk
      scheduler.internal: . → ledger → state
      scheduler.internal: history
      id.internal: snowflake, sequence, counter → record
      id.internal: codes
      spring.internal: start, observe
      group.internal: member → inspect → planner → store
      testkit.internal: server, proxy, child → host
      testkit.internal: history, sim
      admin: . → command → cli → output
      console: . → http → auth, resource, page → follow
      samples: shop.run → shop → shop.load, shop.orders, shop.inventory → shop.settings → shop.http → shop.process
      samples: quickstart
      """.lines().toList();

  private static final String PACKAGE = "io.zookit.";
  private static final Map<String, Map<String, Set<String>>> ARROWS = arrows(TABLE);

  private Clusters() {}

  /**
   * A cluster.
   *
   * @param base the package that clusters of a module are below, without {@code io.zookit}
   * @param name the rest of the package's name; for a package that is not in the table its first part
   */
  record Cluster(String base, String name) {

    /** Tells if the table has it. */
    boolean isKnown() {
      return ARROWS.getOrDefault(base, Map.of()).containsKey(name);
    }

    /** Tells if the table has an arrow, or a way over several, from this cluster to another of the same base. */
    boolean mayUse(Cluster other) {
      return reachable(ARROWS.getOrDefault(base, Map.of()), name).contains(other.name);
    }
  }

  /** The cluster of a type; empty if its package is not below a base. */
  static Optional<Cluster> of(JavaClass type) {
    String name = type.getPackageName().substring(PACKAGE.length());
    String module = Code.moduleOf(type);
    String internal = module + ".internal";
    if (isBelow(name, internal)) {
      return Optional.of(clusterBelow(internal, name));
    }
    return ARROWS.containsKey(module) ? Optional.of(clusterBelow(module, name)) : Optional.empty();
  }

  private static Cluster clusterBelow(String base, String name) {
    String rest = name.equals(base) ? "." : name.substring(base.length() + 1);
    return ARROWS.getOrDefault(base, Map.of()).keySet().stream()
        .filter(known -> isBelow(rest, known))
        .max((a, b) -> a.length() - b.length())
        .map(known -> new Cluster(base, known))
        .orElseGet(() -> new Cluster(base, rest.equals(".") ? rest : rest.split("\\.", 2)[0]));
  }

  private static boolean isBelow(String name, String folder) {
    return name.equals(folder) || name.startsWith(folder + ".");
  }

  /** Parses a table: for each base and cluster the clusters that an arrow of its own leads to. */
  static Map<String, Map<String, Set<String>>> arrows(List<String> table) {
    Map<String, Map<String, Set<String>>> arrows = new TreeMap<>();
    for (String line : table) {
      String[] sides = line.split(": ", 2);
      List<List<String>> groups = new ArrayList<>();
      for (String group : sides[1].split(" → ", -1)) {
        groups.add(Arrays.asList(group.split(", ", -1)));
      }
      Map<String, Set<String>> ofBase =
          arrows.computeIfAbsent(sides[0], base -> new LinkedHashMap<>());
      for (int i = 0; i < groups.size(); i++) {
        List<String> next = i + 1 < groups.size() ? groups.get(i + 1) : List.of();
        groups
            .get(i)
            .forEach(
                name -> ofBase.computeIfAbsent(name, key -> new HashSet<>()).addAll(next));
      }
    }
    return arrows;
  }

  /** All that can be reached from a name by one arrow or more. */
  static Set<String> reachable(Map<String, Set<String>> arrows, String from) {
    Set<String> reached = new HashSet<>();
    Deque<String> left = new ArrayDeque<>(arrows.getOrDefault(from, Set.of()));
    while (!left.isEmpty()) {
      String next = left.pop();
      if (reached.add(next)) {
        left.addAll(arrows.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }
}
