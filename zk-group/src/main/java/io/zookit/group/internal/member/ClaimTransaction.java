package io.zookit.group.internal.member;

import io.zookit.core.internal.access.NodeAccess;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.group.PartitionLostException;
import io.zookit.group.PartitionTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.common.PathUtils;

/**
 * The transaction of a claim: a check of the record, in the version that this claim wrote, and of the claim's node, then the
 * changes. The partition is looked at and the transaction sent within one step of the loop, so that no event of the session
 * comes between.
 */
final class ClaimTransaction implements PartitionTransaction {

  private static final int CHECKS = 2;

  private final PartitionOwner owner;
  private final OwnedPartition partition;
  private final CoreClient client;
  private final List<Op> changes = new ArrayList<>();

  ClaimTransaction(PartitionOwner owner, OwnedPartition partition) {
    this.owner = owner;
    this.partition = partition;
    this.client = owner.client();
  }

  @Override
  public PartitionTransaction create(String path, byte[] data) {
    changes.add(Op.create(
        required(path, data),
        data,
        client.acl(NodeAccess.pathOfFenced(client.rootPath())),
        CreateMode.PERSISTENT));
    return this;
  }

  @Override
  public PartitionTransaction setData(String path, byte[] data, int version) {
    changes.add(Op.setData(required(path, data), data, requireVersion(version)));
    return this;
  }

  @Override
  public PartitionTransaction delete(String path, int version) {
    changes.add(Op.delete(required(path, new byte[0]), requireVersion(version)));
    return this;
  }

  @Override
  public PartitionTransaction check(String path, int version) {
    changes.add(Op.check(required(path, new byte[0]), requireVersion(version)));
    return this;
  }

  @Override
  public CompletableFuture<Void> commit() {
    List<Op> all = new ArrayList<>(owner.checks(partition));
    all.addAll(changes);
    SizeLimits.serverDefault().requireFits(all);
    AsyncResult<Void> done = new AsyncResult<>(client.executor());
    client.loop().execute(() -> {
      if (partition.isValid()) {
        partition.claim().handle().multi(all, answer -> complete(done, all, answer));
      } else {
        done.fail(new PartitionLostException(partition + ": not owned; nothing was changed"));
      }
    });
    return done;
  }

  private void complete(AsyncResult<Void> done, List<Op> all, Answer<List<OpResult>> answer) {
    if (answer.isOk()) {
      done.settle(null);
      return;
    }
    int refused = answer.isAnswered() ? Multi.refusedAt(answer) : -1;
    if (refused >= 0 && refused < CHECKS) {
      done.fail(new PartitionLostException(partition + ": its claim is gone; nothing was changed"));
    } else {
      int about = Math.max(refused, Math.min(CHECKS, all.size() - 1));
      done.fail(KeeperErrors.of(answer.code(), new ZkPath(all.get(about).getPath())));
    }
  }

  private static String required(String path, byte[] data) {
    PathUtils.validatePath(path);
    SizeLimits.serverDefault().requireFits(new ZkPath(path), data);
    return path;
  }

  private static int requireVersion(int version) {
    if (version < -1) {
      throw new IllegalArgumentException("version: " + version + " (expected: -1 or more)");
    }
    return version;
  }
}
