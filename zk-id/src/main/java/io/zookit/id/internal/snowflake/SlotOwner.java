package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.SessionHandle;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a slot: its node, which shows others that the slot is in use, and the names of its writes. No uniqueness
 * depends on it.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class SlotOwner {

  private final CoreClient client;
  private final SlotNodes nodes;
  private final String nonce;
  private long writes;

  /** True if the node has to be created with the next extension: its session has ended. */
  private boolean isMissing;

  /** The session in which the node was created, or may have been. */
  private @Nullable SessionHandle session;

  SlotOwner(CoreClient client, SlotNodes nodes, SecureRandom random) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    this.client = client;
    this.nodes = nodes;
    this.nonce = HexFormat.of().formatHex(bytes);
  }

  /** The name of the next write. */
  String nextWrite() {
    return nonce + "-" + ++writes;
  }

  /** The operation that creates the node; refused if the slot is in use. */
  Op create(SessionHandle handle, int slot) {
    session = handle;
    SlotOwnerRecord owner =
        new SlotOwnerRecord(nonce, client.label(), ProcessHandle.current().pid());
    return Op.create(
        nodes.owner(slot).value(),
        SlotOwnerRecord.CODEC.encode(owner),
        client.acl(nodes.owner(slot)),
        CreateMode.EPHEMERAL);
  }

  /** The operation that requires the node, or creates it if it is missing. */
  Op checkOrCreate(SessionHandle handle, int slot) {
    return isMissing ? create(handle, slot) : Op.check(nodes.owner(slot).value(), 0);
  }

  /** The operation was accepted. */
  void onPresent() {
    isMissing = false;
  }

  /** The operation was refused: the node is missing, or not any more. */
  void onRefused() {
    isMissing = !isMissing;
  }

  /** Tells if the node exists, as far as is known. */
  boolean isPresent() {
    return !isMissing;
  }

  /** Tells if this session created the node that was read, for this owner: several owners may share a session. */
  boolean isOwn(SessionHandle handle, SessionHandle.Node read) {
    return handle.owns(read.stat())
        && SlotOwnerRecord.CODEC.decode(read.data()) instanceof Decoded.Value<SlotOwnerRecord> owner
        && owner.value().nonce().equals(nonce);
  }

  /** Deletes the node, if it is the own one. */
  void deleteIfOwn(SessionHandle handle, int slot) {
    handle.getData(nodes.owner(slot), null, read -> {
      if (read.isOk() && isOwn(handle, read.get())) {
        delete(handle, slot);
      }
    });
  }

  /** Deletes the node of a session. */
  void delete(SessionHandle handle, int slot) {
    client.debt().delete(handle, nodes.owner(slot));
  }

  /** Deletes the node in the session that created it. */
  void delete(int slot) {
    SessionHandle creator = session;
    if (creator != null) {
      delete(creator, slot);
    }
  }
}
