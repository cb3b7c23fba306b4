package io.zookit.registry.balance;

import java.util.Locale;
import java.util.function.Predicate;

/** The own zone takes what the part of it that is left can take; the others take the rest. */
final class ZonePreference implements Balancer {

  private static final long SALT = 2;

  private final Balancer inner;
  private final String zone;
  private final Predicate<Candidate> near;

  ZonePreference(Balancer inner, String zone) {
    this.inner = inner;
    this.zone = zone;
    this.near = each -> each.zone().equals(zone);
  }

  @Override
  public int choose(Candidates candidates, long key) {
    Groups groups = candidates.derived(this, this::split);
    Candidates group = groups.at(KeyHash.share(KeyHash.mix(key, SALT)));
    return group.origin(inner.choose(group, key));
  }

  private Groups split(Candidates candidates) {
    Candidates here = Groups.admitted(candidates, near);
    Candidates there = Groups.admitted(candidates, near.negate());
    double share = there.size() == 0 ? 1 : Groups.health(candidates, here, near);
    return new Groups(new Candidates[] {here, there}, new double[] {share, 1});
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    Groups groups = candidates.derived(this, this::split);
    int group = near.test(candidates.get(index)) ? 0 : 1;
    String more = inner.describe(candidates, index, key);
    return String.format(
        Locale.ROOT,
        "%s of zone %s with %.0f %% of the calls%s",
        group == 0 ? "inside" : "outside",
        zone,
        100 * groups.share(group),
        more.isEmpty() ? "" : ", " + more);
  }

  @Override
  public boolean usesWeights() {
    return inner.usesWeights();
  }

  @Override
  public String toString() {
    return inner + " preferring zone " + zone;
  }
}
