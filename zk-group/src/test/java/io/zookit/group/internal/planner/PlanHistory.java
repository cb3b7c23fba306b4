package io.zookit.group.internal.planner;

import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A random history of one group: members join, leave and vanish, and claims follow the plans. Each step is planned, checked,
 * and settled.
 */
final class PlanHistory {

  /** A way to plan. */
  interface PlanRule {
    GroupPlan next(PlanInput input);
  }

  private final Random random;
  private final PlanRule rule;
  private final SpecRecord spec;
  private final Map<String, MemberNode> members = new TreeMap<>();
  private final Map<Integer, HeldClaim> claims = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private @Nullable GroupPlan plan;
  private long zxid = 1;
  private int joins;
  private int moves;

  PlanHistory(long seed, PlanRule rule) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.rule = rule;
    this.spec = SpecRecord.first(1 + random.nextInt(120));
  }

  /** Runs some steps, and returns what was wrong. */
  List<String> run(int steps) {
    join();
    for (int i = 0; i < steps && findings.isEmpty(); i++) {
      int kinds = random.nextInt(5);
      if (members.isEmpty() || kinds < 3) {
        join();
      } else {
        String gone = new ArrayList<>(members.keySet()).get(random.nextInt(members.size()));
        if (kinds == 3) {
          vanish(gone);
        } else {
          leave(gone);
        }
      }
      if (!members.isEmpty()) {
        step();
      }
    }
    return findings;
  }

  private void join() {
    String id = "m" + joins++;
    members.put(
        id,
        new MemberNode(
            id,
            "n" + joins,
            zxid++,
            new MemberRecord(
                MemberRecord.State.JOINED,
                1 + random.nextInt(3),
                null,
                null,
                (Duration) null,
                null,
                List.of(),
                "")));
  }

  private void vanish(String id) {
    MemberNode gone = Objects.requireNonNull(members.remove(id));
    claims.values().removeIf(claim -> claim.holder().equals(gone.key()));
    zxid++;
  }

  private void leave(String id) {
    MemberNode member = Objects.requireNonNull(members.get(id));
    MemberRecord old = member.record();
    members.put(
        id,
        new MemberNode(
            id,
            member.nonce(),
            zxid++,
            new MemberRecord(
                MemberRecord.State.LEAVING,
                old.weight(),
                null,
                null,
                (Duration) null,
                member.born(),
                List.of(),
                "")));
    if (members.values().stream().anyMatch(other -> other.record().isJoined())) {
      step();
    }
    members.remove(id);
    claims.values().removeIf(claim -> claim.holder().equals(member.key()));
  }

  private PlanInput input(boolean balances) {
    List<MemberNode> listed = new ArrayList<>(members.values());
    Collections.shuffle(listed, random); // as a server lists them
    return new PlanInput(
        "planner",
        spec,
        listed,
        List.copyOf(claims.values()),
        Collections.nCopies(spec.buckets(), zxid),
        plan,
        Map.of(),
        Set.of(),
        Set.of(),
        balances);
  }

  private void step() {
    PlanInput input = input(true);
    GroupPlan next = rule.next(input);
    if (!next.hasTargetsOf(rule.next(input(true)))) {
      findings.add("the same input gave two plans");
    }
    checkMoves(next);
    checkLoads(next);
    plan = next;
    settle();
    GroupPlan settled = rule.next(input(true));
    if (!settled.hasTargetsOf(next)) {
      findings.add("a settled plan changes again");
    }
  }

  private void settle() {
    GroupPlan now = Objects.requireNonNull(plan);
    for (int p = 0; p < spec.count(); p++) {
      MemberNode target = now.ownerOf(p).map(member -> members.get(member.id())).orElse(null);
      HeldClaim held = claims.get(p);
      if (target == null) {
        claims.remove(p);
      } else if (held == null || !held.holder().equals(target.key())) {
        claims.put(p, new HeldClaim(p, target.key(), zxid++));
      }
    }
  }

  private Map<String, Integer> quotas(Map<String, Integer> have) {
    List<QuotaRule.Share> shares = new ArrayList<>();
    List<String> ids = new ArrayList<>(members.keySet());
    for (String id : ids) {
      MemberRecord record = Objects.requireNonNull(members.get(id)).record();
      shares.add(new QuotaRule.Share(
          record.isJoined() ? record.weight() : 0,
          record.isJoined() ? spec.count() : 0,
          0,
          have.getOrDefault(id, 0)));
    }
    int[] divided = QuotaRule.divide(spec.count(), shares);
    Map<String, Integer> quotas = new HashMap<>();
    for (int i = 0; i < divided.length; i++) {
      quotas.put(ids.get(i), divided[i]);
    }
    return quotas;
  }

  private void checkMoves(GroupPlan next) {
    Map<String, Integer> have = new HashMap<>();
    Map<Integer, String> before = new HashMap<>();
    Set<Integer> orphans = new HashSet<>();
    for (int p = 0; p < spec.count(); p++) {
      HeldClaim claim = claims.get(p);
      String holder = claim == null
          ? null
          : members.values().stream()
              .filter(member -> member.key().equals(claim.holder()))
              .map(MemberNode::id)
              .findFirst()
              .orElse(null);
      if (holder == null) {
        orphans.add(p);
      } else {
        before.put(p, holder);
        have.merge(holder, 1, Integer::sum);
      }
    }
    Map<String, Integer> quotas = quotas(have);
    boolean anyJoined = members.values().stream().anyMatch(each -> each.record().isJoined());
    if (!anyJoined) {
      return;
    }
    int least = orphans.size();
    for (Map.Entry<String, Integer> entry : have.entrySet()) {
      least += Math.max(0, entry.getValue() - quotas.getOrDefault(entry.getKey(), 0));
    }
    int moved = 0;
    for (int p = 0; p < spec.count(); p++) {
      String target = next.ownerOf(p).map(GroupPlan.PlannedMember::id).orElse(null);
      if (!Objects.equals(target, before.get(p))) {
        moved++;
      }
    }
    moves += moved;
    if (moved != least) {
      findings.add(moved + " moves, " + least + " necessary");
    }
  }

  private void checkLoads(GroupPlan next) {
    Map<String, Integer> load = new HashMap<>();
    for (int p = 0; p < spec.count(); p++) {
      next.ownerOf(p).ifPresent(member -> load.merge(member.id(), 1, Integer::sum));
    }
    long weights = members.values().stream()
        .filter(member -> member.record().isJoined())
        .mapToLong(member -> member.record().weight())
        .sum();
    for (MemberNode member : members.values()) {
      if (member.record().isJoined()) {
        double quota = (double) spec.count() * member.record().weight() / weights;
        int has = load.getOrDefault(member.id(), 0);
        if (Math.abs(has - quota) > 1) {
          findings.add(member.id() + " has " + has + " of a quota of " + quota);
        }
      }
    }
  }

  int moves() {
    return moves;
  }
}
