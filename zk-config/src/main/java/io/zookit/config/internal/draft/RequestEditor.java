package io.zookit.config.internal.draft;

import io.zookit.config.Change;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.model.RequestRecord;
import io.zookit.config.internal.model.Signatures;
import io.zookit.config.internal.model.Signer;
import io.zookit.config.internal.zk.CallerIdentity;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * Stores, approves and withdraws requests for approval, each one node that is replaced by version.
 *
 * <p>Every save has an id of its own, so one whose answer was lost is recognized when it is found in place.
 */
final class RequestEditor {

  private final Namespace ns;
  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final CallerIdentity caller;
  private final Supplier<Instant> clock;
  private final ChangeRequests requests;

  RequestEditor(
      Namespace ns,
      StoredConfigReader reader,
      ConfigNodes nodes,
      CallerIdentity caller,
      Supplier<Instant> clock) {
    this.ns = ns;
    this.reader = reader;
    this.nodes = nodes;
    this.caller = caller;
    this.clock = clock;
    this.requests = new ChangeRequests(ns, reader);
  }

  List<Drafts.ApprovalRequest> list() throws InterruptedException {
    return requests.list().stream().map(this::shown).toList();
  }

  Optional<Drafts.ApprovalRequest> find(String id) throws InterruptedException {
    return requests.find(id).map(this::shown);
  }

  /** Stores a request; one that is stored for the same situation stays as it is. */
  Drafts.ApprovalRequest submit(Drafts.ApprovalRequest given) throws InterruptedException {
    StoredApprovalRequest request = requireMine(given);
    Optional<ChangeRequests.StoredRequest> stored = requests.find(request.id());
    if (stored.isPresent()
        && stored.get().record().basis().equals(request.record().basis())) {
      return shown(stored.get());
    }
    ZkPath path = reader.paths().request(ns, request.id());
    nodes.ensureBelow(ns, reader.paths().requests(ns));
    return stored.isPresent()
        ? replace(path, request.id(), request.record(), stored.get().version())
        : create(path, request.id(), request.record());
  }

  /** Adds the caller's approval, unless the caller wrote the request or has no identity. */
  Drafts.ApprovalRequest approve(Drafts.ApprovalRequest given, Change change)
      throws InterruptedException {
    StoredApprovalRequest request = requireMine(given);
    ChangeRequests.StoredRequest stored = requireSame(request);
    Policy policy = reader.policy(ns).policy();
    Signer approver = caller.sign(change.author());
    Signatures signatures = stored.record().signatures();
    Optional<String> objection = signatures.objection(approver, policy);
    if (objection.isPresent()) {
      throw new ConfigRefusedException(
          ns, "request " + request.id() + " cannot be approved: " + objection.get());
    }
    Signatures signed =
        signatures.with(new Drafts.Approval(approver.label(), approver.identities(), clock.get()));
    RequestRecord record = stored.record().signed(signed, UUID.randomUUID().toString());
    return replace(stored.path(), request.id(), record, stored.version());
  }

  void withdraw(Drafts.ApprovalRequest given) throws InterruptedException {
    StoredApprovalRequest request = requireMine(given);
    Optional<ChangeRequests.StoredRequest> stored = requests.find(request.id());
    if (stored.isEmpty()) {
      return;
    }
    ChangeRequests.StoredRequest same = requireSame(request);
    Answer<Boolean> deleted = reader
        .calls()
        .ask(same.path(), (handle, reply) -> handle.delete(same.path(), same.version(), reply));
    if (deleted.code() == Code.BADVERSION) {
      throw changed(request.id());
    }
    if (!deleted.isOk() && deleted.code() != Code.NONODE) {
      throw KeeperErrors.of(deleted.code(), same.path());
    }
  }

  private Drafts.ApprovalRequest create(ZkPath path, String id, RequestRecord record)
      throws InterruptedException {
    byte[] data = encode(path, record);
    Answer<SessionHandle.Created> made = nodes.create(path, data);
    return settled(made.code(), path, id, record);
  }

  private Drafts.ApprovalRequest replace(ZkPath path, String id, RequestRecord record, int version)
      throws InterruptedException {
    byte[] data = encode(path, record);
    Answer<Stat> set =
        reader.calls().ask(path, (handle, reply) -> handle.setData(path, data, version, reply));
    return settled(set.code(), path, id, record);
  }

  /** A refusal is none if this save is in place, for then its first answer was lost. */
  private Drafts.ApprovalRequest settled(Code code, ZkPath path, String id, RequestRecord record)
      throws InterruptedException {
    if (code == Code.OK) {
      return new StoredApprovalRequest(ns, id, record);
    }
    if (code != Code.BADVERSION && code != Code.NODEEXISTS && code != Code.NONODE) {
      throw KeeperErrors.of(code, path);
    }
    return requests
        .find(id)
        .filter(stored -> stored.record().saveId().equals(record.saveId()))
        .map(this::shown)
        .orElseThrow(() -> changed(id));
  }

  private static byte[] encode(ZkPath path, RequestRecord record) {
    byte[] data = RequestRecord.CODEC.encode(record);
    SizeLimits.serverDefault().requireFits(path, data);
    return data;
  }

  /** The request as it is stored, if it is the one that the caller has seen. */
  private ChangeRequests.StoredRequest requireSame(StoredApprovalRequest request)
      throws InterruptedException {
    ChangeRequests.StoredRequest stored = requests
        .find(request.id())
        .orElseThrow(() -> new ConfigNotFoundException(ns, "request " + request.id()));
    if (!stored.record().saveId().equals(request.record().saveId())) {
      throw changed(request.id());
    }
    return stored;
  }

  private ConfigRefusedException changed(String id) {
    return new ConfigRefusedException(
        ns, "request " + id + " was changed meanwhile; nothing was changed");
  }

  private StoredApprovalRequest requireMine(Drafts.ApprovalRequest request) {
    if (!request.namespace().equals(ns)) {
      throw new IllegalArgumentException(
          "request: of " + request.namespace() + " (expected: of " + ns + ")");
    }
    return StoredApprovalRequest.of(request);
  }

  private Drafts.ApprovalRequest shown(ChangeRequests.StoredRequest stored) {
    return new StoredApprovalRequest(ns, stored.id(), stored.record());
  }
}
