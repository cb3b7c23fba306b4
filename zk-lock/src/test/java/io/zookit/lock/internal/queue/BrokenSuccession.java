package io.zookit.lock.internal.queue;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.request.Mutation;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.QueueEntry;
import io.zookit.testkit.internal.sim.SimulatedClient;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A succession inside a session that is wrong on purpose. */
public final class BrokenSuccession extends LocalSuccession {

  private final SimulatedClient client;
  private final Mutation mutation;
  private final Map<ZkPath, QueueEntry> own = new LinkedHashMap<>();
  private final Map<ZkPath, Successor> successors = new LinkedHashMap<>();

  private BrokenSuccession(SimulatedClient client, Mutation mutation) {
    super(client);
    this.client = client;
    this.mutation = mutation;
  }

  /** Returns the succession of a client, with this mutation if it is one of a succession. */
  public static LocalSuccession of(SimulatedClient client, Mutation mutation) {
    return mutation.name().startsWith("SUCCESSION")
        ? new BrokenSuccession(client, mutation)
        : new LocalSuccession(client);
  }

  @Override
  boolean isBlocked(ZkPath queue) {
    return mutation != Mutation.SUCCESSION_AFTER_A_REFUSAL && super.isBlocked(queue);
  }

  @Override
  boolean isAllowed(Claim claim) {
    return super.isAllowed(claim)
        || (mutation == Mutation.SUCCESSION_OF_READERS && claim.mode() == QueueEntry.SHARED)
        || (mutation == Mutation.SUCCESSION_OF_PERMITS && claim.mode() == QueueEntry.PERMITS);
  }

  @Override
  boolean isSafe(SessionHandle session) {
    return mutation == Mutation.SUCCESSION_IN_AN_UNSAFE_SESSION || super.isSafe(session);
  }

  @Override
  public void add(QueueNode node, Supplier<WaitedFor> owner) {
    own.put(node.path(), node.entry());
    super.add(node, owner);
  }

  @Override
  void forget(QueueNode node) {
    own.remove(node.path());
    super.forget(node);
  }

  @Override
  boolean follow(ZkPath mine, ZkPath predecessor, Successor successor) {
    if (super.follow(mine, predecessor, successor)) {
      successors.put(predecessor, successor);
      if (mutation == Mutation.SUCCESSION_OF_A_WAITER) {
        client.loop().execute(() -> successor.onPredecessorEnded(predecessor, true));
      }
      return true;
    }
    return mutation == Mutation.SUCCESSION_OF_ANY_AHEAD
        && ahead(mine)
            .filter(any -> super.follow(mine, any, as(predecessor, successor)))
            .isPresent();
  }

  private Optional<ZkPath> ahead(ZkPath mine) {
    QueueEntry entry = own.get(mine);
    return own.entrySet().stream()
        .filter(other -> entry != null
            && other.getKey().parent().equals(mine.parent())
            && other.getValue().sequence() < entry.sequence())
        .max(Comparator.comparingInt(other -> other.getValue().sequence()))
        .map(Map.Entry::getKey);
  }

  /** Reports the end of any node as that of the predecessor. */
  private static Successor as(ZkPath predecessor, Successor successor) {
    return new Successor() {
      @Override
      public QueueNodes nodes() {
        return successor.nodes();
      }

      @Override
      public void onPredecessorEnded(ZkPath ended, boolean released) {
        successor.onPredecessorEnded(predecessor, released);
      }
    };
  }

  @Override
  void unfollow(ZkPath predecessor, Successor successor) {
    successors.remove(predecessor, successor);
    super.unfollow(predecessor, successor);
  }

  @Override
  CompletableFuture<Void> end(QueueNodes nodes, QueueNode node, boolean released) {
    own.remove(node.path());
    Successor successor = successors.remove(node.path());
    if (successor == null) {
      return super.end(nodes, node, released);
    }
    switch (mutation) {
      case SUCCESSION_OF_THE_LOST -> {
        return super.end(nodes, node, true);
      }
      case SUCCESSION_IN_ONE_QUEUE -> {
        if (!node.equals(nodes.first())) {
          super.unfollow(node.path(), successor);
        }
      }
      case SUCCESSION_WITHOUT_DELETE -> {
        if (released) {
          super.unfollow(node.path(), successor);
          succeed(successor, node.path());
          return CompletableFuture.completedFuture(null);
        }
      }
      case SUCCESSION_BEFORE_DELETE -> {
        if (released) {
          super.unfollow(node.path(), successor);
          succeed(successor, node.path());
          CompletableFuture<Void> gone = new CompletableFuture<>();
          client
              .process()
              .within(
                  0,
                  200_000_000,
                  () -> super.end(nodes, node, true).thenRun(() -> gone.complete(null)));
          return gone;
        }
      }
      case SUCCESSION_WITHOUT_CHECK -> {
        if (released) {
          super.unfollow(node.path(), successor);
          CompletableFuture<Void> gone = super.end(nodes, node, true);
          succeed(successor, node.path());
          return gone;
        }
      }
      default -> {}
    }
    return super.end(nodes, node, released);
  }

  private void succeed(Successor successor, ZkPath ended) {
    client.loop().execute(() -> successor.onPredecessorEnded(ended, true));
  }
}
