package io.zookit.config.internal.draft;

import io.zookit.config.Change;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.internal.model.RequestRecord;
import io.zookit.config.internal.model.Signer;
import io.zookit.config.internal.model.StoredPolicy;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.codec.StoredNames;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * The requests for approval of one namespace, as they are stored.
 *
 * <p>The id of a request is made of what is requested, so the change that it allows finds it, and a request for another
 * change never does. It holds a hash of what was in force, so that an approval is worth nothing in another situation.
 */
public final class ChangeRequests {

  private static final int DIGITS = 8;
  private static final StoredNames<History.Action> ACTIONS = StoredNames.of(History.Action.class);
  private static final StoredNames<Head.State> STATES = StoredNames.of(Head.State.class);

  /** A request with its version in ZooKeeper. */
  record StoredRequest(String id, ZkPath path, RequestRecord record, int version) {

    Op removal() {
      return Op.delete(path.value(), version);
    }
  }

  private final Namespace ns;
  private final StoredConfigReader reader;

  ChangeRequests(Namespace ns, StoredConfigReader reader) {
    this.ns = ns;
    this.reader = reader;
  }

  /** The request for a change. */
  Optional<StoredRequest> find(HeadChange move) throws InterruptedException {
    return find(idOf(move));
  }

  Optional<StoredRequest> find(String id) throws InterruptedException {
    ZkPath path = reader.paths().request(ns, id);
    return reader.calls().read(path).map(node -> decode(id, path, node));
  }

  /** All requests by their ids. */
  List<StoredRequest> list() throws InterruptedException {
    List<StoredRequest> all = new ArrayList<>();
    for (String id : reader.calls().children(reader.paths().requests(ns))) {
      find(id).ifPresent(all::add);
    }
    all.sort(java.util.Comparator.comparing(StoredRequest::id));
    return all;
  }

  /** A request for a change, not stored yet. */
  static StoredApprovalRequest of(
      HeadChange move, Policy policy, Signer author, Change change, Instant now) {
    RequestRecord record = new RequestRecord(
        move.action(),
        move.subject(),
        move.policy(),
        basis(move, policy),
        List.of(author),
        List.of(),
        now,
        change.message(),
        UUID.randomUUID().toString());
    return new StoredApprovalRequest(move.ns(), idOf(move), record);
  }

  /** A hash of what is in force: state, stable release, layers and policy. */
  public static String basis(HeadChange move, Policy policy) {
    Head head = move.inForce();
    String text =
        STATES.nameOf(head.state()) + "|" + textOf(head.stable()) + "|" + head.layers() + "|";
    byte[] rules = StoredPolicy.CODEC.encode(policy);
    byte[] prefix = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(prefix, prefix.length + rules.length);
    System.arraycopy(rules, 0, all, prefix.length, rules.length);
    return Digests.sha256(all);
  }

  public static String idOf(HeadChange move) {
    Policy policy = move.policy();
    String rules =
        policy == null ? "" : new String(StoredPolicy.CODEC.encode(policy), StandardCharsets.UTF_8);
    String action = ACTIONS.nameOf(move.action());
    String text = action + "|" + move.subject() + "|" + rules;
    String hash = Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
    return action.toLowerCase(java.util.Locale.ROOT) + "-" + hash.substring(0, DIGITS);
  }

  /** The text of a release in a basis. Hashes of it are stored, so it never changes. */
  private static String textOf(@Nullable ReleaseRef stable) {
    return stable == null
        ? "null"
        : "Pointer[release=" + stable.release() + ", sha256=" + stable.sha256() + "]";
  }

  private StoredRequest decode(String id, ZkPath path, SessionHandle.Node node) {
    RequestRecord record =
        StoredRelease.value(RequestRecord.CODEC.decode(node.data()), ns + ": request " + id);
    return new StoredRequest(id, path, record, node.stat().getVersion());
  }
}
