package io.zookit.lock.internal.guarded;

import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.lock.CellLease;
import io.zookit.lock.LockLostException;
import io.zookit.lock.StateCell;
import io.zookit.lock.internal.queue.QueueNodes;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LeaseOwner;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.request.LockOptions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A lease of a lock with a state: what was found at the entry, and what is left at the exit. */
final class GuardedLease extends LeaseHandle implements CellLease {

  private final LockEngine engine;
  private final GuardedEntry entry;
  private final AtomicReference<byte @Nullable []> next = new AtomicReference<>();
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private volatile boolean leaving;

  GuardedLease(
      LockEngine engine,
      LockGrant grant,
      LockOptions options,
      LeaseOwner owner,
      GuardedEntry entry) {
    super(engine, grant, options, owner);
    this.engine = engine;
    this.entry = entry;
  }

  /** Gives the nodes up, with the state where there is something to write. On the loop, once. */
  CompletableFuture<Void> leave(GuardedStates states, QueueNodes nodes) {
    leaving = true;
    byte[] value = next.get();
    if (value == null) {
      fail(new LockLostException(this + ": was closed without a value"));
      if (!entry.hasMarked()) {
        entry.end();
        return nodes.remove();
      }
    }
    entry.end();
    nodes.detach();
    GuardedExit exit = new GuardedExit(engine, states, this, entry.state(), value);
    exit.written().whenComplete((nothing, failure) -> {
      if (failure instanceof RuntimeException reason) {
        fail(reason);
      } else {
        written.complete(null);
      }
    });
    states.add(exit, false);
    return exit.gone();
  }

  private void fail(RuntimeException reason) {
    written.completeExceptionally(reason);
  }

  @Override
  public Optional<byte[]> value() {
    return entry.found().cellValue();
  }

  @Override
  public CompletableFuture<Void> release(byte[] value) {
    byte[] mine = requireFits(value).clone();
    boolean first = next.compareAndSet(null, mine);
    close();
    if (!first) {
      return CompletableFuture.failedFuture(
          new LockLostException(this + ": was given up before with another value"));
    }
    AsyncResult.settled(released()).thenRun(() -> {
      if (!leaving) {
        fail(new LockLostException(this + ": was lost before; nothing was written"));
      }
    });
    return AsyncResult.of(written, engine.client().executor());
  }

  private static byte[] requireFits(byte[] value) {
    if (value.length > StateCell.MOST_BYTES) {
      throw new IllegalArgumentException(
          "value: " + value.length + " bytes (expected: at most " + StateCell.MOST_BYTES + ")");
    }
    return value;
  }

  @Override
  public boolean previousOwnerDied() {
    return entry.found().heldBy() != null;
  }
}
