package io.zookit.lock.internal.request;

import io.zookit.core.internal.access.NodeAccess;
import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.FencedTransaction;
import io.zookit.lock.Lease;
import io.zookit.lock.LockLostException;
import io.zookit.lock.internal.queue.QueueNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.common.PathUtils;

/**
 * The transaction of a lease: a check of every own node, then the changes. The lease is looked at and the transaction sent
 * within one step of the loop, so that no event of the session comes between.
 */
public final class LeaseTransaction implements FencedTransaction {

  private final LockEngine engine;
  private final Lease lease;
  private final QueueNodes nodes;
  private final List<Op> changes = new ArrayList<>();

  /** Changes under a lease that has these nodes. */
  LeaseTransaction(LockEngine engine, Lease lease, QueueNodes nodes) {
    this.engine = engine;
    this.lease = lease;
    this.nodes = nodes;
  }

  @Override
  public FencedTransaction create(String path, byte[] data) {
    ZkPath node = required(path, data);
    changes.add(Op.create(
        node.value(),
        data,
        engine.client().acl(NodeAccess.pathOfFenced(engine.client().rootPath())),
        CreateMode.PERSISTENT));
    return this;
  }

  @Override
  public FencedTransaction setData(String path, byte[] data) {
    return setData(path, data, -1);
  }

  @Override
  public FencedTransaction setData(String path, byte[] data, int version) {
    changes.add(Op.setData(required(path, data).value(), data, requireVersion(version)));
    return this;
  }

  @Override
  public FencedTransaction delete(String path) {
    return delete(path, -1);
  }

  @Override
  public FencedTransaction delete(String path, int version) {
    changes.add(Op.delete(required(path, new byte[0]).value(), requireVersion(version)));
    return this;
  }

  @Override
  public FencedTransaction check(String path, int version) {
    changes.add(Op.check(required(path, new byte[0]).value(), requireVersion(version)));
    return this;
  }

  @Override
  public CompletableFuture<Void> commit() {
    List<Op> all = new ArrayList<>();
    nodes.list().forEach(node -> all.add(Op.check(node.path().value(), -1)));
    int checks = all.size();
    all.addAll(changes);
    SizeLimits.serverDefault().requireFits(all);
    AsyncResult<Void> done = new AsyncResult<>(engine.client().executor());
    engine.client().loop().execute(() -> send(all, checks, done));
    return done;
  }

  /** Looks at the lease and sends in one step of the loop, so no event of the session comes between. */
  private void send(List<Op> all, int checks, AsyncResult<Void> done) {
    SessionHandle handle = nodes.handle();
    if (!lease.isValid()) {
      done.fail(new LockLostException(lease + ": not held; nothing was changed"));
    } else {
      handle.multi(all, answered -> complete(done, all, checks, answered));
    }
  }

  private void complete(
      AsyncResult<Void> done, List<Op> all, int checks, Answer<List<OpResult>> answered) {
    if (answered.isOk()) {
      done.settle(null);
      return;
    }
    int refused = answered.isAnswered() ? Multi.refusedAt(answered) : -1;
    if (answered.code() == Code.NONODE && refused >= 0 && refused < checks) {
      done.fail(new LockLostException(lease + ": its node is gone; nothing was changed"));
    } else {
      ZkPath path = new ZkPath(
          all.get(Math.max(refused, checks < all.size() ? checks : 0)).getPath());
      done.fail(KeeperErrors.of(answered.code(), path));
    }
  }

  private static ZkPath required(String path, byte[] data) {
    PathUtils.validatePath(path);
    ZkPath node = new ZkPath(path);
    SizeLimits.serverDefault().requireFits(node, data);
    return node;
  }

  private static int requireVersion(int version) {
    if (version < -1) {
      throw new IllegalArgumentException("version: " + version + " (expected: -1 or more)");
    }
    return version;
  }
}
