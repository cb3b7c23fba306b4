package io.zookit.id.internal.counter;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import java.util.concurrent.CompletableFuture;

/** A counter as a client uses it: its member, and the sum of all members, which never goes back here. */
public final class SharedCounter {

  private final CoreClient client;
  private final CounterMember member;
  private final CounterFolding folding;

  /** On the loop. */
  private long greatest;

  private long incarnation;

  SharedCounter(CoreClient client, IdNode node, int renewAt) {
    CounterNodes nodes = new CounterNodes(client, node);
    this.client = client;
    this.folding = new CounterFolding(client, nodes);
    this.member = new CounterMember(client, nodes, folding, renewAt);
  }

  /** A counter with given parts. */
  SharedCounter(CoreClient client, CounterMember member, CounterFolding folding) {
    this.client = client;
    this.folding = folding;
    this.member = member;
  }

  /** The client. */
  public CoreClient client() {
    return client;
  }

  /** Counts an amount. From any thread. */
  public CompletableFuture<Void> add(long amount) {
    return member.add(amount);
  }

  /** Reads the sum. From any thread. */
  public CompletableFuture<Long> sum() {
    return IdCalls.onLoop(client, this, handle -> folding.sum(handle).thenApply(this::latest));
  }

  /** The greatest sum since the data were approved last. */
  private long latest(long sum) {
    long now = client.incarnation();
    greatest = now == incarnation ? Math.max(greatest, sum) : sum;
    incarnation = now;
    return greatest;
  }

  void onConnected(SessionHandle handle) {
    member.onConnected(handle);
  }

  void close() {
    member.close();
  }

  @Override
  public String toString() {
    return member.toString();
  }
}
