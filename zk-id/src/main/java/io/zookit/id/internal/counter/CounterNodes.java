package io.zookit.id.internal.counter;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * The nodes of a counter.
 *
 * <pre>
 *   ids/&lt;name&gt;              the record, whose version fences every write
 *   ids/&lt;name&gt;/~m/&lt;nonce&gt;   what a member has counted; one writer
 *   ids/&lt;name&gt;/~a/&lt;nonce&gt;   EPHEMERAL: the member is alive
 *   ids/&lt;name&gt;/~t           the total of members that were folded
 * </pre>
 */
final class CounterNodes {

  private static final byte[] NO_DATA = {};

  private final CoreClient client;
  private final SharedRecords records;
  private final ZkPath members;
  private final ZkPath alive;
  private final ZkPath total;

  CounterNodes(CoreClient client, IdNode node) {
    this.client = client;
    this.members = node.path().own("~m");
    this.alive = node.path().own("~a");
    this.total = node.path().own("~t");
    this.records = new SharedRecords(
        client,
        node,
        IdRecord.COUNTER,
        Map.of(
            members, NO_DATA, alive, NO_DATA, total, TotalRecord.CODEC.encode(new TotalRecord(0))),
        handle -> CompletableFuture.completedFuture(List.of()));
  }

  SharedRecords records() {
    return records;
  }

  ZkPath members() {
    return members;
  }

  ZkPath member(String nonce) {
    return members.own(nonce);
  }

  ZkPath alive() {
    return alive;
  }

  ZkPath alive(String nonce) {
    return alive.own(nonce);
  }

  ZkPath total() {
    return total;
  }

  /** The operation that shows a member as alive for as long as its session lasts; refused if it is. */
  Op createAlive(String nonce) {
    ZkPath path = alive(nonce);
    return Op.create(path.value(), NO_DATA, client.acl(path), CreateMode.EPHEMERAL);
  }

  /** The folder of the members, if it was deleted. */
  Op createFolder(ZkPath path) {
    return records.create(path, NO_DATA);
  }

  Op set(String nonce, PartialSum next, int version) {
    return Op.setData(member(nonce).value(), PartialSum.CODEC.encode(next), version);
  }

  Op setTotal(long next, int version) {
    return Op.setData(total.value(), TotalRecord.CODEC.encode(new TotalRecord(next)), version);
  }

  /** Decodes a node. */
  static <T extends Record> T decode(RecordCodec<T> codec, SessionHandle.Node read, ZkPath path) {
    Decoded<T> decoded = codec.decode(read.data());
    if (decoded instanceof Decoded.Value<T> value) {
      return value.value();
    }
    throw new UnreadableDataException(path + ": cannot be read: " + decoded);
  }
}
