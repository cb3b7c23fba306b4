package io.zookit.lock.inspect;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.store.LockQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The operations of an inspector: they run on the loop of its client and are answered on the client's executor. */
final class LockAdmin {

  private static final int MOST_AT_A_TIME = 64;

  private final LockEngine engine;

  LockAdmin(LockEngine engine) {
    this.engine = engine;
  }

  CompletableFuture<List<String>> list() {
    return ask("locks", handle -> LockLister.begin(engine, handle));
  }

  CompletableFuture<LockReport> show(String name) {
    LockQueue queue = queue(name);
    return ask(
        queue.toString(),
        handle -> QueueReader.read(engine, queue, handle).thenApply(this::reportUnlessEmpty));
  }

  /** Some at a time: each is a flight of requests of its own. */
  CompletableFuture<List<LockReport>> showAll(Collection<String> names) {
    List<LockQueue> queues = names.stream().map(this::queue).toList();
    return ask("locks", handle -> showFrom(queues, 0, new ArrayList<>(), handle));
  }

  private CompletableFuture<List<LockReport>> showFrom(
      List<LockQueue> queues, int start, List<LockReport> shown, SessionHandle handle) {
    if (start >= queues.size()) {
      return CompletableFuture.completedFuture(List.copyOf(shown));
    }
    int end = Math.min(start + MOST_AT_A_TIME, queues.size());
    List<CompletableFuture<QueueSnapshot>> reads = queues.subList(start, end).stream()
        .map(queue -> QueueReader.read(engine, queue, handle))
        .toList();
    return AsyncResult.all(reads).thenCompose(all -> {
      all.stream().filter(seen -> !seen.isEmpty()).forEach(seen -> shown.add(report(seen)));
      return showFrom(queues, end, shown, handle);
    });
  }

  LiveValue<LockReport> watch(String name) {
    return LiveLockReport.follow(engine, queue(name));
  }

  CompletableFuture<List<LockReport.Entry>> revoke(String name, String reason) {
    LockQueue queue = queue(name);
    return ask(
        queue.toString(),
        handle -> look(queue, handle).thenCompose(seen -> revoke(queue, seen, reason, handle)));
  }

  CompletableFuture<List<LockReport.Entry>> revoke(LockReport seen, String reason) {
    LockQueue queue = queue(seen.name());
    return ask(queue.toString(), handle -> revoke(queue, seen, reason, handle));
  }

  CompletableFuture<List<LockReport.Entry>> breakLock(String name) {
    LockQueue queue = queue(name);
    return ask(
        queue.toString(),
        handle -> look(queue, handle).thenCompose(seen -> remove(queue, seen, handle)));
  }

  CompletableFuture<List<LockReport.Entry>> breakLock(LockReport seen) {
    LockQueue queue = queue(seen.name());
    return ask(queue.toString(), handle -> remove(queue, seen, handle));
  }

  private LockQueue queue(String name) {
    return new LockQueue(engine.client(), name);
  }

  private CompletableFuture<LockReport> look(LockQueue queue, SessionHandle handle) {
    return QueueReader.read(engine, queue, handle).thenApply(this::report);
  }

  private LockReport report(QueueSnapshot seen) {
    return seen.report(engine.client().incarnation());
  }

  private LockReport reportUnlessEmpty(QueueSnapshot seen) {
    if (seen.isEmpty()) {
      throw new LockNotFoundException(
          "lock " + seen.lock() + ": it has neither holders nor waiters");
    }
    return report(seen);
  }

  private CompletableFuture<List<LockReport.Entry>> revoke(
      LockQueue queue, LockReport seen, String reason, SessionHandle handle) {
    return change(
        queue,
        seen,
        entry -> NodeChange.revoke(
            handle,
            queue.path().own(entry.node()),
            entry.token().zxid(),
            reason,
            engine.client().audit(),
            AuditedChange.of("lock.revoke", seen.name()).with(heldBy(entry) + ": " + reason)));
  }

  private CompletableFuture<List<LockReport.Entry>> remove(
      LockQueue queue, LockReport seen, SessionHandle handle) {
    return change(
        queue,
        seen,
        entry -> NodeChange.delete(
            handle,
            queue.path().own(entry.node()),
            entry.token().zxid(),
            engine.client().audit(),
            AuditedChange.of("lock.break", seen.name()).with(heldBy(entry))));
  }

  private static String heldBy(LockReport.Entry entry) {
    return "node " + entry.node() + ", held by "
        + entry.owner().map(LockReport.Owner::label).orElse("an unknown owner")
        + ", token " + entry.token();
  }

  /** Changes the node of each holder; returns those that were changed, because some may have left. */
  private static CompletableFuture<List<LockReport.Entry>> change(
      LockQueue queue,
      LockReport seen,
      Function<LockReport.Entry, CompletableFuture<Boolean>> step) {
    List<LockReport.Entry> holders = seen.holders();
    if (holders.isEmpty()) {
      throw new LockNotFoundException(queue + ": no holder is known");
    }
    List<CompletableFuture<Boolean>> steps = holders.stream().map(step).toList();
    return AsyncResult.all(steps)
        .thenApply(all -> IntStream.range(0, holders.size())
            .filter(all::get)
            .mapToObj(holders::get)
            .toList());
  }

  private <T> CompletableFuture<T> ask(
      String what, Function<SessionHandle, CompletableFuture<T>> question) {
    AsyncResult<T> promised = new AsyncResult<>(engine.client().executor());
    engine
        .client()
        .loop()
        .execute(() -> engine
            .connected()
            .map(handle -> CompletableFuture.completedFuture(handle).thenCompose(question))
            .orElseGet(() -> CompletableFuture.failedFuture(
                new ZkUnavailableException(what + ": not connected; nothing was sent")))
            .whenComplete((answer, failure) -> {
              if (failure == null) {
                promised.settle(answer);
              } else {
                promised.fail(failure);
              }
            }));
    return promised;
  }
}
