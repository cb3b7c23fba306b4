package io.zookit.core.internal.access;

import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkException;
import io.zookit.core.internal.audit.AuditWriter;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * Changes the stored access policy.
 *
 * <p>The server decides whether a policy would lock its caller out: the transaction that stores it, or one before,
 * writes to a node that has the future list of {@code ~access}. This works with every scheme and every hash.
 *
 * <p>Data and list of {@code ~access} cannot be replaced together. They are replaced in the order in which at any moment
 * only admins of the stored data can write it: the data first, but the list first when an admin is removed.
 */
public final class AccessStore {

  private static final int MOST_TRIES = 20;
  private static final byte[] NO_DATA = {};

  private final NodeSpace space;
  private final ZkPath root;
  private final ZkPath path;
  private final BlockingCalls requests;
  private final AuditWriter audit;
  private final boolean lockOutAllowed;

  /** Creates the store of the policy of a root; each request waits at most for the limit. */
  public AccessStore(NodeSpace space, AuditWriter audit, Duration limit, boolean lockOutAllowed) {
    this.space = space;
    this.audit = audit;
    this.root = space.rootPath();
    this.path = AccessKeeper.pathBelow(root);
    this.requests = new BlockingCalls(space, limit);
    this.lockOutAllowed = lockOutAllowed;
  }

  /** A copy with another limit. */
  public AccessStore within(Duration other) {
    return new AccessStore(space, audit, other, lockOutAllowed);
  }

  /** A copy that stores what locks its caller out. */
  public AccessStore allowingLockOut() {
    return new AccessStore(space, audit, requests.limit(), true);
  }

  /** The stored policy. */
  public Optional<AccessPolicy> policy() throws InterruptedException {
    return stored().map(StoredAccess.Trusted::policy);
  }

  private Optional<StoredAccess.Trusted> stored() throws InterruptedException {
    StoredAccess found = ask(path, (handle, reply) -> StoredAccess.read(handle, path, reply));
    if (found instanceof StoredAccess.Trusted policy) {
      return Optional.of(policy);
    } else if (found instanceof StoredAccess.IgnoredPolicy ignored) {
      throw new ZkException(path + ": " + ignored.reason() + "; no client obeys it");
    } else if (found instanceof StoredAccess.Hidden hidden) {
      throw KeeperErrors.of(hidden.code(), path); // also without an answer
    }
    return Optional.empty();
  }

  private StoredAccess.Trusted required() throws InterruptedException {
    return stored()
        .orElseThrow(
            () -> new AccessControl.RefusedException(path + ": no access policy is stored yet"));
  }

  /** Stores the first policy, with the folders below the root. */
  public AccessControl.Survey init(AccessPolicy policy) throws InterruptedException {
    requireAdmin(policy);
    AccessLists lists = NodeAccess.TABLE.under(root, policy);
    byte[] data = AccessRecord.CODEC.encode(AccessRecord.of(policy));
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      List<Op> ops = new ArrayList<>(List.of(create(path, data, lists.aclFor(path))));
      if (!lockOutAllowed) {
        ops.add(Op.setData(path.value(), data, 0));
      }
      Set<ZkPath> created = new HashSet<>(Set.of(path));
      for (ZkPath missing : missing()) {
        if (!lockOutAllowed && missing.equals(AuditWriter.folder(root))) {
          continue; // the audit creates it, for its first entry
        }
        if (!lockOutAllowed || missing.parent().equals(root)) { // else nothing can be put into it
          ops.add(create(missing, NO_DATA, lists.aclFor(missing)));
          created.add(missing);
        }
      }
      AuditedChange change = AuditedChange.of("access.init", path.value()).with(describe(policy));
      Answer<List<OpResult>> stored = lockOutAllowed
          ? commit(ops) // nothing can be put into the audit by a caller that is locked out
          : commit(change, ops, lists);
      if (stored.isOk()) {
        return new AccessWalk(requests, root, lists).top(created);
      }
      requireMayGoWell(stored);
      if (Multi.isRefusedAt(0, stored)) {
        throw new AccessControl.RefusedException(
            path + ": there is an access policy; nothing was changed");
      }
    }
    throw new ZkException(path + ": others change the root all the time; nothing was changed");
  }

  private List<ZkPath> missing() throws InterruptedException {
    List<ZkPath> missing = new ArrayList<>();
    for (ZkPath node : NodeAccess.createdBeforehand(root)) {
      Answer<Stat> found = ask(node, (handle, reply) -> handle.exists(node, null, reply));
      if (found.code() == Code.NONODE) {
        missing.add(node);
      } else {
        requireOk(found, node);
      }
    }
    return missing;
  }

  /** Changes the stored policy. */
  public AccessPolicy change(UnaryOperator<AccessPolicy> edit) throws InterruptedException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      StoredAccess.Trusted before = required();
      AccessPolicy after = edit.apply(before.policy());
      if (after.equals(before.policy()) || replace(before, after)) {
        return after;
      }
    }
    throw new ZkException(path + ": others change the policy all the time; nothing was changed");
  }

  private boolean replace(StoredAccess.Trusted before, AccessPolicy after)
      throws InterruptedException {
    requireAdmin(after);
    List<ACL> list = NodeAccess.TABLE.under(root, after).aclFor(path);
    requireStaysAdmin(list);
    byte[] data = AccessRecord.CODEC.encode(AccessRecord.of(after));
    boolean listFirst =
        !after.identitiesOf(Role.ADMIN).containsAll(before.policy().identitiesOf(Role.ADMIN));
    if (listFirst) {
      setList(list);
    }
    AuditedChange change =
        AuditedChange.of("access.change", path.value()).with(difference(before.policy(), after));
    Answer<List<OpResult>> set = commit(
        change,
        List.of(Op.setData(path.value(), data, before.version())),
        NodeAccess.TABLE.under(
            root, before.policy())); // the caller need not be an admin afterwards
    if (set.code() == Code.BADVERSION) {
      return false;
    }
    requireOk(set, path);
    if (!listFirst) {
      setList(list);
    }
    return true;
  }

  private void setList(List<ACL> list) throws InterruptedException {
    Answer<Boolean> set = ask(path, (handle, reply) -> handle.setAcl(path, list, reply));
    requireOk(set, path);
  }

  private static void requireOk(Answer<?> answer, ZkPath about) {
    if (!answer.isOk()) {
      throw KeeperErrors.of(answer.code(), about);
    }
  }

  private void requireAdmin(AccessPolicy policy) {
    if (policy.roles().isEmpty()) {
      throw new AccessControl.RefusedException(
          path + ": the policy names no identity; nothing was changed");
    }
    if (!lockOutAllowed && policy.identitiesOf(Role.ADMIN).isEmpty()) {
      throw new AccessControl.RefusedException(
          path + ": the policy has no admin, no client could change it again; nothing was changed");
    }
    for (Role role : policy.roles()) {
      if (policy.identitiesOf(role).contains(Identity.creator())) {
        throw new AccessControl.RefusedException(path
            + ": the policy names auth:, which is another for each client; nothing was changed");
      }
    }
  }

  /** Creates, writes and deletes a node with the future list in one transaction; no client ever sees it. */
  private void requireStaysAdmin(List<ACL> list) throws InterruptedException {
    if (!lockOutAllowed) {
      ZkPath probe = root.own("~access-probe");
      Answer<List<OpResult>> probed = commit(List.of(
          create(probe, NO_DATA, list),
          Op.setData(probe.value(), NO_DATA, 0),
          Op.delete(probe.value(), 1)));
      if (!probed.isOk()) {
        requireMayGoWell(probed);
        throw KeeperErrors.of(probed.code(), probe);
      }
    }
  }

  /** Says why a transaction that creates, then writes a node with the future list can never go well. */
  private void requireMayGoWell(Answer<List<OpResult>> answer) {
    if (answer.code() == Code.NOAUTH && Multi.isRefusedAt(1, answer)) {
      throw new AccessControl.RefusedException(
          path + ": this client would not be an admin any more; nothing was changed");
    }
    if (answer.code() == Code.INVALIDACL) {
      throw new AccessControl.RefusedException(
          path + ": the servers do not know the scheme of an identity; nothing was changed");
    }
    if (answer.code() != Code.NODEEXISTS) {
      throw KeeperErrors.of(answer.code(), root);
    }
  }

  /** Compares the lists of all nodes with the stored policy; sets those that differ, and creates the missing folders. */
  public AccessControl.Survey survey(boolean applying) throws InterruptedException {
    AccessLists lists = NodeAccess.TABLE.under(root, required().policy());
    List<ZkPath> missing = missing();
    if (!applying || missing.isEmpty()) {
      return new AccessWalk(requests, root, lists).everything(applying, missing, "does not exist");
    }
    Answer<List<OpResult>> created = commit(missing.stream()
        .map(folder -> create(folder, NO_DATA, lists.aclFor(folder)))
        .toList());
    List<ZkPath> left = created.isOk() ? List.of() : missing();
    String reason = created.code() == Code.NOAUTH
        ? "not created, no CREATE permission"
        : "not created (" + created.code() + ")";
    AccessControl.Survey walked =
        new AccessWalk(requests, root, lists).everything(true, left, reason);
    return new AccessControl.Survey(
        walked.nodes(), walked.changed() + missing.size() - left.size(), walked.deviations());
  }

  private static Op create(ZkPath node, byte[] data, List<ACL> list) {
    return Op.create(node.value(), data, list, CreateMode.PERSISTENT);
  }

  private Answer<List<OpResult>> commit(List<Op> ops) throws InterruptedException {
    return ask(path, (handle, reply) -> handle.multi(ops, reply));
  }

  private Answer<List<OpResult>> commit(AuditedChange change, List<Op> ops, AccessLists lists)
      throws InterruptedException {
    return ask(path, (handle, reply) -> audit.commit(handle, change, ops, lists::aclFor, reply));
  }

  private static String describe(AccessPolicy policy) {
    return policy.roles().stream()
        .map(role -> role.toString() + " " + policy.identitiesOf(role))
        .collect(Collectors.joining("; "));
  }

  /** The identities that gain or lose a role. */
  private static String difference(AccessPolicy before, AccessPolicy after) {
    List<String> changes = new ArrayList<>();
    for (Role role : Role.values()) {
      after.identitiesOf(role).stream()
          .filter(each -> !before.identitiesOf(role).contains(each))
          .forEach(each -> changes.add("+" + role + " " + each));
      before.identitiesOf(role).stream()
          .filter(each -> !after.identitiesOf(role).contains(each))
          .forEach(each -> changes.add("-" + role + " " + each));
    }
    return String.join("; ", changes);
  }

  private <T> T ask(ZkPath about, BiConsumer<SessionHandle, Consumer<T>> request)
      throws InterruptedException {
    return requests.ask(about, request);
  }
}
