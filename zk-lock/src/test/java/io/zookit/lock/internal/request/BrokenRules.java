package io.zookit.lock.internal.request;

import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;

/** Grant rules that are wrong on purpose. */
final class BrokenRules {

  private BrokenRules() {}

  /** The claim, or a broken one. */
  static Claim break_(Claim claim, Mutation mutation) {
    GrantRule right = claim.rule();
    return switch (mutation) {
      case RULE_SKIPS_ONE ->
        with(claim, (mine, queue) -> {
          GrantDecision wait = right.decide(mine, queue);
          return wait instanceof GrantDecision.ForAll all && all.count() == 1
              ? GrantDecision.OVER
              : wait;
        });
      case RULE_LETS_READERS_PASS ->
        claim.mode() == QueueEntry.SHARED ? with(claim, BrokenRules::pass) : claim;
      case RULE_FORGETS_OWN_PERMITS ->
        claim.mode() == QueueEntry.PERMITS ? with(claim, new Forgetful(right)) : claim;
      case SUCCESSION_OF_PERMITS ->
        claim.mode() == QueueEntry.PERMITS ? with(claim, new OfNearest(right)) : claim;
      default -> claim;
    };
  }

  private static Claim with(Claim claim, GrantRule rule) {
    return new Claim(claim.queue(), claim.mode(), claim.weight(), rule);
  }

  private static GrantDecision pass(QueueEntry mine, List<QueueEntry> queue) {
    boolean written = queue.get(0).mode() == QueueEntry.EXCLUSIVE;
    return written ? GrantDecision.ForAll.of(List.of(queue.get(0))) : GrantDecision.OVER;
  }

  /** Decides as if only one permit were wanted. */
  private static final class Forgetful extends OfPermits {

    Forgetful(GrantRule right) {
      super(right);
    }

    @Override
    public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
      return right.decide(new QueueEntry(mine.node(), mine.mode(), 1, mine.sequence()), queue);
    }
  }

  /** Waits for all ahead, of which the nearest may be followed. */
  private static final class OfNearest extends OfPermits {

    OfNearest(GrantRule right) {
      super(right);
    }

    @Override
    public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
      GrantDecision wait = right.decide(mine, queue);
      return wait instanceof GrantDecision.ForNoticeOf || wait instanceof GrantDecision.ForAnyChange
          ? GrantDecision.ForAll.of(GrantRule.ahead(mine, queue))
          : wait;
    }

    @Override
    public boolean stillBlocks(QueueEntry other, byte[] data) {
      return true;
    }
  }

  /** A rule of permits, but for its decision. */
  private abstract static class OfPermits implements GrantRule {
    final GrantRule right;

    OfPermits(GrantRule right) {
      this.right = right;
    }

    @Override
    public boolean stillBlocks(QueueEntry other, byte[] data) {
      return right.stillBlocks(other, data);
    }

    @Override
    public boolean tellsThoseBehind() {
      return true;
    }

    @Override
    public void use(Runnable change) {
      right.use(change);
    }

    @Override
    public void leave(Runnable change) {
      right.leave(change);
    }
  }
}
