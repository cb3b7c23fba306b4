package io.zookit.registry.balance;

import java.util.List;
import java.util.function.Function;

/**
 * The first route that takes the key decides. Calls that no route takes go to instances no route leads to; where one side
 * is empty, the other takes them.
 */
final class GrayRouting implements Balancer {

  private final Balancer inner;
  private final List<Route> routes;
  private final Function<Candidates, Candidates[]> maker = this::split;

  GrayRouting(Balancer inner, List<Route> routes) {
    this.inner = inner;
    this.routes = List.copyOf(routes);
  }

  @Override
  public int choose(Candidates candidates, long key) {
    Candidates group = group(candidates, key);
    return group.size() == 0
        ? inner.choose(candidates, key)
        : group.origin(inner.choose(group, key));
  }

  private Candidates group(Candidates candidates, long key) {
    Candidates[] groups = candidates.derived(this, maker);
    for (int i = 0; i < groups.length - 1; i++) {
      if (groups[i].size() > 0 && routes.get(i).takes(key)) {
        return groups[i];
      }
    }
    return groups[groups.length - 1];
  }

  private Candidates[] split(Candidates candidates) {
    Candidates[] groups = new Candidates[routes.size() + 1];
    for (int i = 0; i < routes.size(); i++) {
      groups[i] = Groups.admitted(candidates, routes.get(i)::leadsTo);
    }
    groups[routes.size()] = Groups.admitted(
        candidates, each -> routes.stream().noneMatch(route -> route.leadsTo(each)));
    return groups;
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    Candidates group = group(candidates, key);
    for (int i = 0; i < group.size(); i++) {
      if (group.origin(i) == index) {
        return inner.describe(candidates, index, key);
      }
    }
    return group.size() == 0
        ? inner.describe(candidates, index, key)
        : "left out, the key takes another route";
  }

  @Override
  public boolean usesWeights() {
    return inner.usesWeights();
  }

  @Override
  public String toString() {
    return inner + " with routes " + routes.stream().map(Route::name).toList();
  }
}
