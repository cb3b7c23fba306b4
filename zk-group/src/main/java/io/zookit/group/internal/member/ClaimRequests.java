package io.zookit.group.internal.member;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.PartitionOwnerRecord;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Requests of claims, in one session.
 *
 * <pre>
 *   setData(~o, version read) or create(~o)   create(~h, ephemeral)       100 partitions to a transaction
 * </pre>
 *
 * <p>A refused transaction is sent again without the partition that was refused, in halves.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class ClaimRequests {

  private static final int MOST_CLAIMS = 100;
  private static final int MISSING = -1;

  /** Receives the result of each claim. */
  interface Listener {

    /** The claim stands. */
    void onClaimed(OwnedPartition partition, long czxid, int version);

    /** Another claim stands. */
    void onHeld(OwnedPartition partition);

    /** The record was written by another claim since it was read. */
    void onChanged(OwnedPartition partition);

    /** There is no folder for it: the partitions have changed. */
    void onFolderMissing(OwnedPartition partition);

    /** Nothing was sent, or it was refused for another reason. */
    void onRefused(OwnedPartition partition, Code code);

    /** The answer is lost: the claim may stand. */
    void onUnanswered(OwnedPartition partition);
  }

  /** A claim that is sent. */
  private record SentClaim(OwnedPartition partition, int version) {}

  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final SessionHandle handle;
  private final byte[] data;
  private final Listener listener;

  /**
   * Creates requests of a session.
   *
   * @param key the name of the member's node
   */
  ClaimRequests(
      GroupNodes nodes, SpecRecord spec, SessionHandle handle, String key, Listener listener) {
    this.nodes = nodes;
    this.spec = spec;
    this.handle = handle;
    this.data = PartitionOwnerRecord.CODEC.encode(new PartitionOwnerRecord(key));
    this.listener = listener;
  }

  /** Claims partitions. */
  void claim(List<OwnedPartition> partitions) {
    readRecords(partitions, records -> {
      List<SentClaim> requests = new ArrayList<>();
      for (int i = 0; i < partitions.size(); i++) {
        Answer<SessionHandle.Node> record = records.get(i);
        if (record.isOk() || record.code() == Code.NONODE) {
          int version = record.isOk() ? record.get().stat().getVersion() : MISSING;
          requests.add(new SentClaim(partitions.get(i), version));
        } else {
          listener.onRefused(partitions.get(i), record.code());
        }
      }
      for (int from = 0; from < requests.size(); from += MOST_CLAIMS) {
        send(requests.subList(from, Math.min(requests.size(), from + MOST_CLAIMS)));
      }
    });
  }

  private void readRecords(
      List<OwnedPartition> partitions, Consumer<List<Answer<SessionHandle.Node>>> reply) {
    List<String> paths = partitions.stream()
        .map(partition -> nodes.record(spec, partition.index()).value())
        .toList();
    Multi.readNodes(handle, paths, reply);
  }

  private void send(List<SentClaim> requests) {
    List<Op> ops = new ArrayList<>();
    for (SentClaim request : requests) {
      int index = request.partition.index();
      ops.add(
          request.version == MISSING
              ? nodes.create(nodes.record(spec, index), data)
              : Op.setData(nodes.record(spec, index).value(), data, request.version));
      String claim = nodes.claim(spec, index).value();
      ops.add(Op.create(
          claim,
          data,
          CreateOptions.newBuilder(
                  nodes.client().acl(nodes.claim(spec, index)), CreateMode.EPHEMERAL)
              .build()));
    }
    handle.multi(ops, answer -> onAnswer(requests, answer));
  }

  private void onAnswer(List<SentClaim> requests, Answer<List<OpResult>> answer) {
    if (answer.isOk()) {
      for (int i = 0; i < requests.size(); i++) {
        Stat claim = Multi.statAt(2 * i + 1, answer);
        listener.onClaimed(
            requests.get(i).partition, claim.getCzxid(), requests.get(i).version + 1);
      }
    } else if (!answer.isAnswered()) {
      requests.forEach(request -> {
        if (answer.sent()) {
          listener.onUnanswered(request.partition);
        } else {
          listener.onRefused(request.partition, answer.code());
        }
      });
    } else {
      onRefused(requests, answer);
    }
  }

  private void onRefused(List<SentClaim> requests, Answer<List<OpResult>> answer) {
    int at = Multi.refusedAt(answer);
    if (at < 0) {
      requests.forEach(request -> listener.onRefused(request.partition, answer.code()));
      return;
    }
    int refused = at / 2;
    OwnedPartition partition = requests.get(refused).partition;
    boolean ofRecord = at % 2 == 0;
    switch (answer.code()) {
      case NOAUTH, INVALIDACL, QUOTAEXCEEDED -> listener.onRefused(partition, answer.code());
      case NONODE -> {
        if (ofRecord && requests.get(refused).version != MISSING) {
          listener.onChanged(partition);
        } else {
          listener.onFolderMissing(partition);
        }
      }
      default -> {
        if (ofRecord) {
          listener.onChanged(partition);
        } else {
          listener.onHeld(partition);
        }
      }
    }
    List<SentClaim> rest = new ArrayList<>(requests);
    rest.remove(refused);
    int half = (rest.size() + 1) / 2;
    if (half > 0) {
      send(rest.subList(0, half));
    }
    if (rest.size() > half) {
      send(rest.subList(half, rest.size()));
    }
  }
}
