package io.zookit.id.internal.counter;

import io.zookit.core.Subscription;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The counters and shared values that a client uses: one for each name, shared by its handles. */
public final class CounterEngine implements Engine, SessionListener {

  private final CoreClient client;
  private final int renewAt;
  private final Map<String, SharedCounter> counters = new ConcurrentHashMap<>();
  private final Map<String, ValueCell> values = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Subscription> sessions = new AtomicReference<>();

  private CounterEngine(CoreClient client) {
    this(client, IdNode.VERSION_LIMIT);
  }

  /**
   * The counters of a client.
   *
   * @param renewAt the version of a node from which it is replaced
   */
  public CounterEngine(CoreClient client, int renewAt) {
    this.client = client;
    this.renewAt = renewAt;
  }

  /** The counters of a client. */
  public static CounterEngine in(CoreClient client) {
    return client.engine(CounterEngine.class, CounterEngine::new);
  }

  /** The counter of a name. */
  public SharedCounter counter(String name) {
    IdNode node = new IdNode(client, name);
    return counters.computeIfAbsent(name, key -> new SharedCounter(client, node, renewAt));
  }

  /** The shared value of a name. */
  public ValueCell value(String name) {
    IdNode node = new IdNode(client, name);
    return values.computeIfAbsent(name, key -> new ValueCell(client, node, renewAt));
  }

  /**
   * Approves the data of a counter as an operator, and raises its sum.
   *
   * @param atLeast the sum is not less
   */
  public CompletableFuture<Void> raiseCounter(String name, long atLeast) {
    CounterNodes nodes = new CounterNodes(client, new IdNode(client, name));
    AuditedChange change = AuditedChange.of("id.raise", name).with("at least " + atLeast);
    CounterFolding folding = new CounterFolding(client, nodes);
    return IdCalls.onLoop(
        client,
        nodes.records(),
        handle ->
            nodes.records().approve(handle, change, session -> folding.raising(session, atLeast)));
  }

  /** Approves the data of a shared value as an operator. */
  public CompletableFuture<Void> approveValue(String name) {
    ValueCell cell = value(name);
    AuditedChange change = AuditedChange.of("id.raise", name).with("the value as it is");
    return IdCalls.onLoop(client, cell, handle -> cell.approve(handle, change));
  }

  @Override
  public void start() {
    client.loop().execute(() -> sessions.set(client.onSessions(this)));
  }

  @Override
  public void close() {
    client.loop().execute(() -> {
      Subscription listening = sessions.getAndSet(null);
      if (listening != null) {
        listening.close();
      }
      counters.values().forEach(SharedCounter::close);
      values.values().forEach(ValueCell::close);
    });
  }

  @Override
  public void onConnected(SessionHandle handle) {
    List.copyOf(counters.values()).forEach(counter -> counter.onConnected(handle));
    List.copyOf(values.values()).forEach(value -> value.onConnected(handle));
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {}
}
