package io.zookit.core.internal.access;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;

/** The result of one read of {@code /<root>/~access}. */
sealed interface StoredAccess {

  /** No policy is stored. */
  record None() implements StoredAccess {}

  /** A policy that counts, and the version of its node. */
  record Trusted(AccessPolicy policy, int version) implements StoredAccess {}

  /** Something that does not count, and why. */
  record IgnoredPolicy(String reason) implements StoredAccess {}

  /** The server did not show it, or did not answer. */
  record Hidden(Code code) implements StoredAccess {

    boolean isAnswered() {
      return Answer.isAnswered(code);
    }
  }

  /**
   * Reads the node and its list behind a {@code sync}, in one flight. On the loop.
   *
   * @param found receives the result, {@link Hidden} also if there was no answer
   */
  static void read(SessionHandle handle, ZkPath path, Consumer<StoredAccess> found) {
    AtomicReference<Answer<SessionHandle.Node>> data = new AtomicReference<>(Answer.notSent());
    handle.sync(path, synced -> {});
    handle.getData(path, null, data::set);
    handle.getAcl(
        path,
        list -> of(Objects.requireNonNull(data.get()), list)
            .ifPresentOrElse(found, () -> read(handle, path, found)));
  }

  /** Judges what two reads found; empty if the node was replaced between them. */
  static Optional<StoredAccess> of(
      Answer<SessionHandle.Node> data, Answer<SessionHandle.AccessList> list) {
    if (data.code() == Code.NONODE || list.code() == Code.NONODE) {
      return Optional.of(new None());
    } else if (!data.isOk() || !list.isOk()) {
      return Optional.of(new Hidden(data.isOk() ? list.code() : data.code()));
    } else if (data.get().stat().getMzxid() != list.get().stat().getMzxid()) {
      return Optional.empty();
    }
    return Optional.of(judge(data.get(), list.get().entries()));
  }

  private static StoredAccess judge(SessionHandle.Node node, List<ACL> list) {
    if (AccessRecord.CODEC.decode(node.data()) instanceof Decoded.Value<AccessRecord> read) {
      AccessPolicy policy = read.value().policy();
      Set<String> others = writersBesideAdmins(policy, list);
      return others.isEmpty()
          ? new Trusted(policy, node.stat().getVersion())
          : new IgnoredPolicy("it can be changed by " + String.join(", ", others)
              + " (expected: by its admins only)");
    }
    return new IgnoredPolicy("it does not hold a policy this version can read");
  }

  private static Set<String> writersBesideAdmins(AccessPolicy policy, List<ACL> list) {
    List<Identity> admins = policy.identitiesOf(Role.ADMIN);
    return list.stream()
        .filter(entry -> (entry.getPerms() & (Perms.WRITE | Perms.ADMIN)) != 0)
        .map(entry -> new Identity(entry.getId().getScheme(), entry.getId().getId()))
        .filter(writer -> admins.stream().noneMatch(admin -> isShownAs(admin, writer)))
        .map(Identity::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Without the permission {@code ADMIN} a server shows {@code x} in place of each hash. */
  static boolean isShownAs(Identity stored, Identity shown) {
    return stored.equals(shown)
        || (shown.scheme().equals("digest")
            && shown.id().endsWith(":x")
            && stored.scheme().equals("digest")
            && stored.toString().equals(shown.toString()));
  }
}
